import { describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { parse } from 'yaml';

interface Service {
  readonly image: string;
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly ports?: unknown;
  readonly privileged?: unknown;
  readonly network_mode?: string;
  readonly networks?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[]; readonly interval: string; readonly retries: number };
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

const compose = parse(readFileSync('docker/compose.yaml', 'utf8'), { merge: true }) as Compose;
const services = Object.entries(compose.services);

test('the profile is an event log, read models, two api and two workers', () => {
  expect(services.map(([name]) => name)).toEqual(['eventlog', 'readmodels', 'api-1', 'api-2', 'worker-1', 'worker-2']);
});

describe.each(services)('%s', (_name, service) => {
  test('says whether it is well', () => {
    expect(service.healthcheck?.test.length).toBeGreaterThan(1);
    expect(service.healthcheck).toMatchObject({ interval: expect.stringMatching(/^\d+s$/), retries: expect.any(Number) });
  });

  test('runs as an ordinary user on a file system it cannot write, with no rights', () => {
    expect(service.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
    expect(service.privileged).toBeUndefined();
  });

  test('is reached only on the network that leads nowhere', () => {
    expect(service.networks).toEqual(['inside']);
    expect(compose.networks['inside']?.internal).toBe(true);
    expect(service.ports).toBeUndefined();
    expect(service.network_mode).toBeUndefined();
  });

  test('has a pinned image, and keeps what it writes in a declared volume', () => {
    if (service.image !== 'nhacviec') expect(service.image).toMatch(/^docker\.io\/[a-z]+\/[a-z]+:\d+\.\d+/);
    for (const volume of service.volumes ?? []) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
    expect(service.volumes?.length).toBeGreaterThan(0);
  });
});

describe.each(services.filter(([, { image }]) => image === 'nhacviec'))('%s', (_name, { environment = {}, secrets, depends_on: after }) => {
  test('has its connection strings from files and none in its environment', () => {
    for (const name of ['KURRENTDB_URL', 'MONGODB_URL']) {
      expect(environment[name]).toBeUndefined();
      const secret = environment[`${name}_FILE`]!.replace('/run/secrets/', '');
      expect(secrets).toContain(secret);
      expect(compose.secrets[secret]!.file).toBe(`./secrets/${secret}`);
    }
    expect(Object.values(environment).join(' ')).not.toMatch(/:\/\//);
  });

  test('waits for healthy databases', () => {
    expect(after).toEqual({ eventlog: { condition: 'service_healthy' }, readmodels: { condition: 'service_healthy' } });
  });
});

describe('the image', () => {
  const stages = readFileSync('docker/Dockerfile', 'utf8')
    .split(/^FROM /m)
    .slice(1);
  const last = stages.at(-1)!;

  test('is the last of several stages and holds no compiler and no development packages', () => {
    expect(stages.length).toBeGreaterThan(1);
    expect(last).not.toMatch(/apt-get|npm|g\+\+/);
    expect(stages.join('')).toContain('npm ci --omit=dev');
  });

  test('runs as the user node, and takes from the checkout only what it names', () => {
    expect(/^USER (\S+)/m.exec(last)?.[1]).toBe('node');
    expect(last).toMatch(/^HEALTHCHECK /m);
    for (const line of last.split('\n').filter((l) => l.startsWith('COPY')))
      expect(line).toMatch(
        /^COPY --from=runtime \/app\/(package\.json|node_modules|dist|libs|docker\/start\.mjs \/app\/docker\/healthy\.mjs) /,
      );
    for (const script of ['docker/start.mjs', 'docker/healthy.mjs']) expect(existsSync(script)).toBe(true);
  });

  test('no secret reaches it', () => {
    for (const file of ['.dockerignore', '.gitignore']) expect(readFileSync(file, 'utf8')).toMatch(/^docker\/secrets\/?$/m);
    expect(readFileSync('.dockerignore', 'utf8')).toMatch(/^\.env$/m);
    expect(stages.join('')).not.toMatch(/\b(ARG|ENV) .*(PASSWORD|TOKEN|SECRET)/i);
  });
});

test('the script that tries the profile is a sound shell script that can be started', () => {
  expect(execFileSync('bash', ['-n', 'docker/try-profile.sh'], { encoding: 'utf8' })).toBe('');
  expect(statSync('docker/try-profile.sh').mode & 0o111).not.toBe(0);
});
