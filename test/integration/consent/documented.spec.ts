import { readFileSync } from 'node:fs';
import { startApi, type TestApi } from '../../harness/api-app';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';
import { register, verifiedContactPoint } from '../api/fixtures';

/** Method and path, who asks, the body if there is one, the status, and what the answer must at least say. */
const EXAMPLE = /```http\n(\w+) (\S+)( +\(admin\))?\n(?:(\{.*\})\n)?→ (\d+) (\{.*\})\n```/g;
const examples = [...readFileSync('docs/CONSENT.md', 'utf8').matchAll(EXAMPLE)].map(
  ([, method = '', path = '', admin, body, status, says = '']) => ({
    ...{ method, path, isAdmin: Boolean(admin) },
    body: body ? (JSON.parse(body) as unknown) : undefined,
    status: Number(status),
    says: JSON.parse(says) as Record<string, unknown>,
  }),
);

let own: TestDatabase;
let api: TestApi;
let token: string;
const ids: Record<string, string> = {};
beforeAll(async () => {
  own = await createTestDatabase();
  api = await startApi(own.url);
  token = await register(api, 'ana');
  const [first, second] = ['ana@example.org', 'ana.old@example.org'];
  await verifiedContactPoint(api, own, token, { channel: 'email', address: first });
  ids.contactPointId = await verifiedContactPoint(api, own, token, { channel: 'email', address: second });
  const [row] = await own.database.query<{ id: string }>(
    `insert into suppressions (id, channel, address, reason, source)
     values (gen_random_uuid(), 'email', $1, 'bounced', 'provider:sendgrid') returning id`,
    [first],
  );
  ids.suppressionId = row?.id ?? '';
});
afterAll(async () => {
  await api.close();
  await own.drop();
});

describe('docs/CONSENT.md', () => {
  it('has examples', () => expect(examples).toHaveLength(7));

  it.each(examples)('shows $method $path as it is', async ({ method, path, isAdmin, body, status, says }) => {
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? '');
    const answer = await api.call(isAdmin ? api.adminKey : token, { method, path: filled, body });
    expect(answer).toMatchObject({ status, body: says });
  });
});
