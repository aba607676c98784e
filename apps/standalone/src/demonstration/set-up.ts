import type { Cast, DemoCustomer, DemoRule } from './roles';
import { verifyContactPoints } from './verify-contact-points';
import type { TidingsClient } from './tidings-client';

export interface Clients {
  system: TidingsClient;
  admin: TidingsClient;
  customer: (customerId: string) => Promise<TidingsClient>;
}

/**
 * Registers the cast through the API, the way a host organisation and its customers would. May be repeated at
 * any point of an earlier try: what is there already stays as it is.
 */
export async function setUp(cast: Cast, clients: Clients): Promise<void> {
  await Promise.all(
    cast.metrics.map((metric) => clients.system.call({ method: 'POST', path: '/v1/metrics', body: metric })),
  );
  await Promise.all(cast.customers.map((customer) => register(customer, clients)));
}

async function register(customer: DemoCustomer, { system, customer: clientOf }: Clients): Promise<void> {
  const { id, name, timeZone, language, owns, follows } = customer;
  const registration = { id, name, timeZone, language, owns, follows };
  await system.call({ method: 'POST', path: '/v1/customers', body: registration, also: [409] });
  const client = await clientOf(id);
  await verifyContactPoints(client, customer.contactPoints);
  if (customer.preferences.length > 0) {
    const body = { preferences: customer.preferences };
    await client.call({ method: 'PUT', path: '/v1/me/preferences', body });
  }
  await createMissingRules(client, customer.rules);
}

async function createMissingRules(client: TidingsClient, rules: readonly DemoRule[]): Promise<void> {
  const known = await client.get<{ items: { title: string }[] }>('/v1/me/rules?limit=200');
  const titles = new Set(known.items.map((rule) => rule.title));
  for (const rule of rules.filter(({ title }) => !titles.has(title))) {
    await client.call({ method: 'POST', path: '/v1/me/rules', body: rule });
  }
}
