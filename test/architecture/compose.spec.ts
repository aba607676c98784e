import { existsSync } from 'node:fs';
import { CORE_SCHEMA, load, mergeTag } from 'js-yaml';
import { filesOfTheHouse, namesIn, settingsRead, sources, text } from './source-tree';

interface Service {
  image: string;
  command?: string[];
  environment: Record<string, string | number>;
  ports?: string[];
  healthcheck: { test: string[] };
  restart: string;
  depends_on?: Record<string, { condition: string }>;
  deploy: { resources: { limits: { memory: string } } };
}

const file = text('docker-compose.yml');
const compose = load(file, { schema: CORE_SCHEMA.withTags(mergeTag) }) as Record<string, unknown> & {
  services: Record<string, Service>;
};
const { services } = compose;
const ours = { api: services.api, dispatcher: services.dispatcher };
const dockerfile = text('Dockerfile');
const isSecret = (name: string): boolean => /KEY|SECRET|TOKEN|PASSWORD/.test(name);

describe('docker-compose.yml', () => {
  it('brings up PostgreSQL, one Kafka without ZooKeeper, the API and the dispatcher', () => {
    expect(Object.keys(services).sort()).toEqual(['api', 'dispatcher', 'kafka', 'postgres']);
    expect(services.kafka.environment).toMatchObject({ KAFKA_PROCESS_ROLES: 'broker,controller' });
    expect(JSON.stringify(compose)).not.toMatch(/zookeeper/i);
    expect(compose).not.toHaveProperty('name'); // older versions of the tool refuse it
  });

  it.each(Object.entries(ours))('sets nothing for the %s that no configuration reads', (_name, service) => {
    const read = [...settingsRead().values()].flat();
    expect(Object.keys(service.environment).filter((name) => !read.includes(name))).toEqual([]);
  });

  it.each(Object.entries(ours))('starts the %s from where its build puts it', (name, service) => {
    const [program, script] = service.command ?? [];
    expect(program).toBe('node');
    expect(script).toBe(`dist/apps/${name}/apps/${name}/src/main.js`);
    expect(existsSync(`apps/${name}/src/main.ts`)).toBe(true);
    expect(text(`apps/${name}/tsconfig.app.json`)).toContain(`"outDir": "../../dist/apps/${name}"`);
    expect(text('package.json')).toContain(`"node ${script}"`);
    expect(dockerfile).toContain(`npx nest build ${name}`);
  });

  it.each(Object.entries(ours))('asks the %s for its health where it answers', (name, service) => {
    const asked = /http:\/\/127\.0\.0\.1:(\d+)\/([\w/]+)'/.exec(service.healthcheck.test.join(' '));
    const { PORT, DISPATCHER_PORT } = service.environment;
    expect(Number(asked?.[1])).toBe(PORT ?? DISPATCHER_PORT);
    const controllers = sources(`apps/${name}/`).filter((path) => path.endsWith('health.controller.ts'));
    expect(controllers.map(text).join()).toContain(`@Get('${asked?.[2]}')`);
  });

  it('lets every service come back by itself, say how it is, and keep within bounds', () => {
    for (const service of Object.values(services)) {
      expect(service.restart).toBe('unless-stopped');
      expect(service.healthcheck.test[0]).toBe('CMD');
      expect(service.deploy.resources.limits.memory).toMatch(/^\d+[mg]$/);
    }
    for (const { depends_on: needs } of Object.values(ours)) {
      expect(needs).toEqual({
        postgres: { condition: 'service_healthy' },
        kafka: { condition: 'service_healthy' },
      });
    }
  });

  it('publishes on loopback only', () => {
    const published = Object.values(services).flatMap(({ ports }) => ports ?? []);
    expect(published.length).toBeGreaterThan(0);
    for (const port of published) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it('holds no secret: each comes from the environment, and .env.example names it', () => {
    for (const { environment } of Object.values(services)) {
      for (const [name, value] of Object.entries(environment)) {
        if (isSecret(name)) expect([name, value]).toEqual([name, expect.stringMatching(/^\$\{\w+:[-?]/)]);
      }
    }
    const wanted = namesIn(file, /\$\{(\w+):[-?]/g);
    expect(namesIn(text('.env.example'), /^#?([A-Z]\w*)=/gm)).toEqual(wanted);
    expect(text('.env.example')).not.toMatch(/^(?!#)\w+=./m); // an example with values becomes an installation's secret
    expect(text('.gitignore').split('\n')).toContain('.env');
  });
});

describe('the Dockerfile', () => {
  it('builds on the Node version of the repository and runs as an ordinary user', () => {
    const images = namesIn(dockerfile, /^FROM (\S+)/gm);
    expect(images).toEqual([`node:${text('.nvmrc').trim()}-slim`]);
    expect(namesIn(dockerfile, /^USER (\S+)/gm)).toEqual(['node']);
  });

  it('copies only what exists and what the builder is given', () => {
    const given = namesIn(text('.dockerignore'), /^!(\S+)$/gm);
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
      ([, names]) => names?.split(' ') ?? [],
    );
    expect(new Set(copied)).toEqual(new Set(given));
    const files = filesOfTheHouse();
    for (const path of copied)
      expect(files.some((one) => one === path || one.startsWith(`${path}/`))).toBe(true);
  });

  it('starts the API unless it is told otherwise', () => {
    expect(dockerfile).toContain(`CMD ${JSON.stringify(services.api.command).replace(',', ', ')}`);
  });
});
