import type { DemoServiceAlert } from './roles';
import type { ProgressFile } from './progress';
import type { TidingsClient } from './tidings-client';

interface ServiceAlertView {
  serviceAlertId: string;
  status: string;
}

/** Said as far as the API is concerned: a second try of the same first step must give the same service alert. */
const IDEMPOTENCY_KEY = 'demonstration-service-alert';

/**
 * Sends the airline's news as an admin would: draft, dry run, confirmation of exactly the number it told. Goes
 * out once however often this is interrupted: the draft is remembered, and only a draft is confirmed.
 *
 * @returns how many people it goes to; null if it had been sent before
 */
export async function sendServiceAlert(
  admin: TidingsClient,
  { draft }: DemoServiceAlert,
  progress: ProgressFile,
): Promise<number | null> {
  if (progress.now.isServiceAlertSent) return null;
  const id = progress.now.serviceAlertId ?? (await createDraft(admin, draft));
  await progress.record({ serviceAlertId: id });
  const path = `/v1/service-alerts/${id}`;
  const { status } = await admin.get<ServiceAlertView>(path);
  let told: number | null = null;
  if (status === 'draft') {
    const dryRun = await admin.call<{ people: number }>({
      method: 'POST',
      path: `${path}/dry-run`,
      body: {},
    });
    const body = { people: dryRun.body.people };
    await admin.call({ method: 'POST', path: `${path}/confirm`, body });
    told = dryRun.body.people;
  }
  await progress.record({ isServiceAlertSent: true });
  return told;
}

async function createDraft(admin: TidingsClient, draft: DemoServiceAlert['draft']): Promise<string> {
  const created = await admin.call<ServiceAlertView>({
    method: 'POST',
    path: '/v1/service-alerts',
    body: draft,
    idempotencyKey: IDEMPOTENCY_KEY,
  });
  return created.body.serviceAlertId;
}
