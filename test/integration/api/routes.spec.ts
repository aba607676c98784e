import { randomUUID } from 'node:crypto';
import { startApi, type TestApi } from '../../harness/api-app';
import { createTestDatabase, type TestDatabase } from '../../harness/test-database';
import { createRule, defineMetrics, register, seedAlert, verifiedContactPoint } from './fixtures';

/**
 * Every route of the API is in this table, with who may use it. A route that is added without a line here fails
 * the first test; the other tests then hold the line to what it says.
 */
const ROUTES: Record<string, 'open' | 'outbox' | 'any' | 'customer' | Scope> = {
  'GET /health/live': 'open',
  'GET /health/ready': 'open',
  'GET /metrics': 'open',
  'GET /outbox': 'outbox',
  'GET /outbox/messages': 'outbox',
  'GET /outbox/stream': 'outbox',
  'POST /v1/metrics': 'metrics:write',
  'GET /v1/metrics': 'any',
  'GET /v1/metrics/:name': 'any',
  'GET /v1/push-key': 'any',
  'POST /v1/customers': 'customers:write',
  'GET /v1/customers': 'customers:read',
  'GET /v1/customers/:customerId': 'customers:read',
  'PUT /v1/customers/:customerId': 'customers:write',
  'DELETE /v1/customers/:customerId': 'customers:write',
  'GET /v1/me': 'customer',
  'POST /v1/events': 'events:write',
  'GET /v1/alerts': 'customers:read',
  'GET /v1/deliveries': 'customers:read',
  'GET /v1/deliveries/:deliveryId': 'customers:read',
  'POST /v1/deliveries/:deliveryId/redrive': 'admin',
  'POST /v1/deliveries/redrive': 'admin',
  'GET /v1/dead-letters': 'admin',
  'GET /v1/keys': 'admin',
  'POST /v1/keys': 'admin',
  'DELETE /v1/keys/:keyId': 'admin',
  'GET /v1/topics': 'admin',
  'GET /v1/topics/:topic': 'admin',
  'PUT /v1/topics/:topic': 'admin',
  'DELETE /v1/topics/:topic': 'admin',
  'GET /v1/templates': 'admin',
  'GET /v1/templates/faults': 'admin',
  'POST /v1/templates/preview': 'admin',
  'GET /v1/templates/:kind/:channel/:language': 'admin',
  'PUT /v1/templates/:kind/:channel/:language': 'admin',
  'DELETE /v1/templates/:kind/:channel/:language': 'admin',
  'GET /v1/service-alerts': 'admin',
  'POST /v1/service-alerts': 'admin',
  'GET /v1/service-alerts/:serviceAlertId': 'admin',
  'POST /v1/service-alerts/:serviceAlertId/dry-run': 'admin',
  'POST /v1/service-alerts/:serviceAlertId/confirm': 'admin',
  'POST /v1/service-alerts/:serviceAlertId/pause': 'admin',
  'POST /v1/service-alerts/:serviceAlertId/resume': 'admin',
  'POST /v1/service-alerts/:serviceAlertId/resend': 'admin',
  'POST /v1/service-alerts/:serviceAlertId/cancel': 'admin',
  'GET /v1/providers': 'admin',
  'PUT /v1/providers/:channel/:provider/pin': 'admin',
  'GET /v1/maintenance-windows': 'admin',
  'POST /v1/maintenance-windows': 'admin',
  'DELETE /v1/maintenance-windows/:maintenanceWindowId': 'admin',
  'GET /v1/summary': 'customers:read',
  // Whoever calls proves it by a signature over the bytes: test/integration/consent.
  'POST /v1/callbacks/twilio/status': 'open',
  'POST /v1/callbacks/twilio/voice': 'open',
  'POST /v1/callbacks/twilio/inbound': 'open',
  'POST /v1/callbacks/telnyx/events': 'open',
  'POST /v1/callbacks/sendgrid/events': 'open',
  'GET /v1/suppressions': 'admin',
  'POST /v1/suppressions/:suppressionId/lift': 'admin',
  'GET /v1/audit': 'admin',
  'GET /v1/audit/verification': 'admin',
  ...ofCustomers({
    'GET contact-points': 'customers:read',
    'POST contact-points': 'customers:write',
    'PATCH contact-points/:contactPointId': 'customers:write',
    'DELETE contact-points/:contactPointId': 'customers:write',
    'POST contact-points/:contactPointId/verification': 'customers:write',
    'POST contact-points/:contactPointId/code': 'customers:write',
    'POST contact-points/:contactPointId/secret': 'customers:write',
    'POST contact-points/:contactPointId/replay': 'customers:write',
    'GET rules': 'customers:read',
    'POST rules': 'customers:write',
    'POST rules/preview': 'customers:write',
    'GET rules/:ruleId': 'customers:read',
    'PATCH rules/:ruleId': 'customers:write',
    'DELETE rules/:ruleId': 'customers:write',
    'POST rules/:ruleId/pause': 'customers:write',
    'POST rules/:ruleId/resume': 'customers:write',
    'POST rules/:ruleId/snooze': 'customers:write',
    'DELETE rules/:ruleId/snooze': 'customers:write',
    'GET preferences': 'customers:read',
    'PUT preferences': 'customers:write',
    'GET preference-sheet': 'customers:read',
    'PUT preference-sheet': 'customers:write',
    'GET notifications': 'customers:read',
    'GET notifications/:notificationId/why': 'customers:read',
    'GET alerts': 'customers:read',
    'GET alerts/:alertId': 'customers:read',
    'GET deliveries': 'customers:read',
    'GET deliveries/:deliveryId': 'customers:read',
    'GET inbox': 'customers:read',
    'GET inbox/stream': 'customers:read',
    'POST inbox/read': 'customers:write',
    'POST inbox/:deliveryId/read': 'customers:write',
    'GET suppressions': 'customers:read',
    'POST suppressions/:suppressionId/appeal': 'customers:write',
    'POST suppressions/:suppressionId/undo': 'customers:write',
  }),
};

const SCOPES = ['events:write', 'customers:write', 'customers:read', 'metrics:write', 'admin'] as const;
type Scope = (typeof SCOPES)[number];

/** Each is one implementation on two paths: the customer's own, and the systems'. */
function ofCustomers(routes: Record<string, Scope>): Record<string, 'customer' | Scope> {
  return Object.fromEntries(
    Object.entries(routes).flatMap(([route, scope]): [string, 'customer' | Scope][] => {
      const [method, path] = route.split(' ');
      return [
        [`${method} /v1/me/${path}`, 'customer'],
        [`${method} /v1/customers/:customerId/${path}`, scope],
      ];
    }),
  );
}

/** By the end of the route: what it needs to get as far as looking for what it is about. */
const RIGHT_BODIES: Record<string, Record<string, unknown>> = {
  verification: { code: '000000' },
  snooze: { for: 'PT1H' },
  replay: { from: '2027-01-01T00:00:00Z' },
  appeal: { text: 'It is my number.' },
  ':contactPointId': { address: '+4915187654321' },
};

let own: TestDatabase;
let api: TestApi;
/** What belongs to Ben; Ada tries to reach it. */
const bens: Record<string, string> = { customerId: 'ben', name: 'account.balance' };
let ada: string;
const keys = {} as Record<Scope, string>;

beforeAll(async () => {
  own = await createTestDatabase();
  // Not embedded, so that the outbox asks for an admin too.
  api = await startApi(own.url, { TIDINGS_EMBEDDED: '0' });
  await defineMetrics(api);
  ada = await register(api, 'ada', { owns: ['account:1'] });
  const ben = await register(api, 'ben', { owns: ['account:2'] });
  bens.ruleId = (await createRule(api, ben)).ruleId;
  bens.contactPointId = await verifiedContactPoint(api, own, ben, {
    channel: 'sms',
    address: '+4915112345678',
  });
  const [suppressed] = await own.database.query<{ id: string }>(
    `insert into suppressions (id, channel, address, customer_id, reason, source)
     values (gen_random_uuid(), 'sms', '+4915112345678', 'ben', 'optedOut', 'link:ben') returning id`,
  );
  bens.suppressionId = suppressed?.id ?? '';
  Object.assign(bens, await seedAlert(own, { customerId: 'ben', ruleId: bens.ruleId, state: 'failed' }));
  const draft = { title: 'Late', text: 'We are late.', severity: 'info', audience: { kind: 'everyone' } };
  const alert = await api.call(api.adminKey, { path: '/v1/service-alerts', body: draft });
  bens.serviceAlertId = String(alert.body.serviceAlertId);
  for (const scope of SCOPES) {
    const { body } = await api.call(api.adminKey, {
      path: '/v1/keys',
      body: { title: scope, scopes: [scope] },
    });
    keys[scope] = String(body.secret);
    bens.keyId = String(body.keyId);
  }
});
afterAll(async () => {
  await api.close();
  await own.drop();
});

const paths = (who: (access: string) => boolean): string[] =>
  Object.entries(ROUTES).flatMap(([route, access]) => (who(access) ? [route] : []));
const closed = paths((access) => access !== 'open');
const forKeys = paths((access) => (SCOPES as readonly string[]).includes(access));

function ask(credential: string | null, route: string, ids: Record<string, string> = bens) {
  const [method = '', path = ''] = route.split(' ');
  const filled = path.replace(/:(\w+)/g, (_, name: string) => ids[name] ?? randomUUID());
  const takesBody = method !== 'GET' && method !== 'DELETE';
  return api.call(credential, { method, path: filled, ...(takesBody ? { body: {} } : {}) });
}

describe('every route', () => {
  it('stands in the table of who may use it', async () => {
    const { body } = await api.call<{ paths: Record<string, Record<string, unknown>> }>(null, {
      path: '/docs-json',
    });
    const documented = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
    );
    const pagesWithoutDocument = ['GET /outbox', 'GET /outbox/stream'];
    expect([...documented, ...pagesWithoutDocument].sort()).toEqual(Object.keys(ROUTES).sort());
  });

  it.each(closed)('%s tells a stranger to prove who they are', async (route) => {
    const answer = await ask(null, route);
    expect(answer).toMatchObject({ status: 401, body: { type: '/problems/unauthenticated' } });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it.each(closed)('%s takes a made-up key and a forged token for a stranger', async (route) => {
    const forged = `${ada.split('.').slice(0, 2).join('.')}.${'A'.repeat(43)}`;
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${ada.split('.')[1]}.`;
    for (const credential of [`tdg_${'x'.repeat(48)}`, forged, unsigned]) {
      expect((await ask(credential, route)).status).toBe(401);
    }
  });
});

describe('a route for systems and admins', () => {
  it.each([...forKeys, ...paths((access) => access === 'outbox')])('%s refuses a customer', async (route) => {
    expect(await ask(ada, route)).toMatchObject({ status: 403, body: { type: '/problems/missing-scope' } });
    // Not even for what is their own.
    expect((await ask(ada, route, { ...bens, customerId: 'ada' })).status).toBe(403);
  });

  it.each(forKeys)('%s refuses a key without its scope', async (route) => {
    for (const scope of SCOPES.filter((other) => other !== ROUTES[route] && other !== 'admin')) {
      expect((await ask(keys[scope], route)).status).toBe(403);
    }
  });

  // A stream does not end by itself: its own spec reads it.
  const readable = paths((access) => access === 'customers:read').filter(
    (route) => !route.endsWith('/stream'),
  );

  it.each(readable)('%s lets a key with its scope through', async (route) => {
    expect((await ask(keys['customers:read'], route)).status).toBe(200);
  });

  it.each(forKeys.filter((route) => /:customerId\/.+:/.test(route)))(
    '%s does not find under one customer what is another one’s',
    async (route) => {
      const isReading = route.startsWith('GET');
      const answer = await ask(keys[isReading ? 'customers:read' : 'customers:write'], route, {
        ...bens,
        customerId: 'ada',
      });
      // A body that is not right may be told first; it says nothing about what exists.
      expect([404, ...(isReading ? [] : [400])]).toContain(answer.status);
    },
  );

  it.each(forKeys.filter((route) => route.includes(':customerId')))(
    '%s knows no customer that is not registered',
    async (route) => {
      const isReading = route.startsWith('GET');
      const answer = await ask(keys[isReading ? 'customers:read' : 'customers:write'], route, {
        ...bens,
        customerId: 'nobody',
      });
      expect([404, ...(route.startsWith('PUT /v1/customers/:customerId') ? [400] : [])]).toContain(
        answer.status,
      );
    },
  );
});

describe('a route for customers', () => {
  const mine = paths((access) => access === 'customer');

  it.each(mine)('%s refuses a key, whatever its scopes', async (route) => {
    expect((await ask(api.adminKey, route)).status).toBe(403);
  });

  it.each(mine.filter((route) => route.includes(':')))(
    '%s does not find what is another customer’s',
    async (route) => {
      const right: Record<string, unknown> = RIGHT_BODIES[route.split('/').at(-1) ?? ''] ?? {};
      const [method = '', path = ''] = route.split(' ');
      const filled = path.replace(/:(\w+)/g, (_, name: string) => bens[name] ?? 'missing');
      const body = method === 'GET' || method === 'DELETE' ? {} : { body: right };
      expect(await api.call(ada, { method, path: filled, ...body })).toMatchObject({
        status: 404,
        body: { type: '/problems/not-found' },
      });
    },
  );

  it.each(mine)('%s answers a customer who is not registered with 404', async (route) => {
    expect((await ask(await api.tokenOf('stranger'), route)).status).toBe(404);
  });

  it('shows in no list anything of another customer', async () => {
    for (const path of ['rules', 'alerts', 'deliveries', 'inbox', 'contact-points']) {
      expect((await api.call(ada, { path: `/v1/me/${path}` })).body.items).toEqual([]);
    }
  });

  it('leaves what belongs to another customer as it was after all these tries', async () => {
    const ben = await api.tokenOf('ben');
    expect((await api.call(ben, { path: `/v1/me/rules/${bens.ruleId}` })).body.status).toBe('active');
    const points = await api.call<{ items: { contactPointId: string; verifiedAt: string }[] }>(ben, {
      path: '/v1/me/contact-points',
    });
    expect(points.body.items).toEqual([
      expect.objectContaining({ contactPointId: bens.contactPointId, verifiedAt: expect.any(String) }),
    ]);
  });
});
