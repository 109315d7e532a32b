import type { EventLog } from '#event-log';
import { systemIds } from '#kernel';
import { countsInLog, type Told } from './invariants.ts';

const OFFICE_HOURS_AHEAD = 7 * 3_600_000;

interface Sent {
  readonly key: string;
  readonly deadline: object;
  readonly assignedOn: string;
}

/** A client that assigns tasks over HTTP and keeps what it knows of each. A task is named by its content. */
export class Assignments implements Told {
  readonly acknowledged = new Set<string>();
  readonly refused = new Set<string>();
  /** No answer, or one that says so: what to send it again with. */
  private readonly open = new Map<string, Sent>();
  /** Codes of the answers that were neither. */
  readonly codes = new Map<string, number>();

  get unknown(): ReadonlySet<string> {
    return new Set(this.open.keys());
  }

  static async makeUnit(url: string): Promise<void> {
    const response = await post(url, '/units', { id: 'so-y-te', name: 'Sở Y tế', shortName: 'Sở Y tế', kind: 'so' }, systemIds.next());
    if (response.status === 201) return;
    const text = await response.text();
    // An invented history may have it already.
    if (!text.includes('unit-already-established')) throw new Error(`POST /units: ${response.status} ${text}`);
  }

  /** Resolves with the status, 0 where the connection gave none. `deadline` as at the door. */
  async assign(
    url: string,
    content: string,
    {
      key = systemIds.next(),
      deadline = { none: true },
      assignedOn = new Date(Date.now() + OFFICE_HOURS_AHEAD).toISOString().slice(0, 10),
    }: Partial<Sent> = {},
  ): Promise<number> {
    this.open.set(content, { key, deadline, assignedOn });
    try {
      const response = await post(
        url,
        '/tasks',
        {
          document: { number: '1/UBND', date: assignedOn, issuer: 'UBND tỉnh', title: 'Thử' },
          content,
          authority: 'chu-tich',
          leadUnitId: 'so-y-te',
          assignedOn,
          deadline,
        },
        key,
      );
      const { code } = (await response.json()) as { code?: string };
      if (response.status === 201) this.acknowledged.add(content);
      else if (response.status < 500) this.refused.add(content);
      if (response.status < 500) this.open.delete(content);
      if (code !== undefined) this.codes.set(code, (this.codes.get(code) ?? 0) + 1);
      return response.status;
    } catch {
      return 0;
    }
  }

  /** Sends what has no answer once more, each the same and with its key. */
  async sendAgain(url: string): Promise<void> {
    await Promise.all([...this.open].map(([content, sent]) => this.assign(url, content, sent)));
  }

  /** How often each task that was sent by this client or another stands in the log. */
  static countsIn(log: EventLog): Promise<ReadonlyMap<string, number>> {
    return countsInLog(log, ({ type, data }) =>
      type === 'TaskAssigned' && typeof data['content'] === 'string' ? data['content'] : undefined,
    );
  }
}

function post(url: string, path: string, body: object, key: string): Promise<Response> {
  return fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  });
}
