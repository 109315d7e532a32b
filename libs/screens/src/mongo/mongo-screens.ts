import type { Collection } from 'mongodb';
import { mongoFailure, type MongoConnection } from '#event-log/mongo/connect';
import type { Screen, ScreenStore, Show } from '../screen.ts';

/** Instants stand as doubles and text: 64-bit integers come back as bigint in this connection. */
interface ScreenDocument {
  readonly _id: string;
  readonly revision: string;
  readonly code: string | null;
  readonly claim: string | null;
  readonly tokens: readonly string[];
  readonly pairedAt: string | null;
  readonly endsAt: string;
  readonly screen: string;
}
interface ShowDocument {
  readonly _id: string;
  readonly revision: string;
  readonly show: string;
}

/** Milliseconds of this age all have the same number of digits, so their texts are ordered as they are. */
const sortable = (at: number): string => String(at).padStart(16, '0');

/** Beside the read models, in collections that no projection owns; the connection stays open when it is closed. */
export async function openMongoScreens({ db }: MongoConnection): Promise<ScreenStore> {
  const screens: Collection<ScreenDocument> = db.collection<ScreenDocument>('screens');
  const shows: Collection<ShowDocument> = db.collection<ShowDocument>('shows');
  await screens.createIndex({ code: 1 });
  await screens.createIndex({ claim: 1 });
  await screens.createIndex({ tokens: 1 });
  const read = (found: { readonly screen: string } | null): Screen | undefined => (found === null ? undefined : (JSON.parse(found.screen) as Screen));
  return {
    async insert(screen) {
      await screens.insertOne(documentOf(screen));
    },
    get: async (id) => read(await screens.findOne({ _id: id })),
    byHash: async (kind, hash) => read(await screens.findOne(kind === 'token' ? { tokens: hash } : kind === 'code' ? { code: hash } : { claim: hash })),
    paired: async () => (await screens.find({ pairedAt: { $ne: null } }).sort({ pairedAt: -1, _id: 1 }).toArray()).map(({ screen }) => JSON.parse(screen) as Screen),
    async replace(screen) {
      const { _id, ...rest } = documentOf(screen);
      return Number((await screens.updateOne({ _id, revision: String(screen.revision - 1) }, { $set: rest })).matchedCount) === 1;
    },
    async forget(before) {
      await screens.deleteMany({ endsAt: { $lt: sortable(before) } });
    },
    async show(briefingId) {
      const found = await shows.findOne({ _id: briefingId });
      return found === null ? undefined : (JSON.parse(found.show) as Show);
    },
    async putShow(show) {
      const rest = { revision: String(show.revision), show: JSON.stringify(show) };
      if (show.revision > 1) return Number((await shows.updateOne({ _id: show.briefingId, revision: String(show.revision - 1) }, { $set: rest })).matchedCount) === 1;
      try {
        await shows.insertOne({ _id: show.briefingId, ...rest });
        return true;
      } catch (error) {
        if (mongoFailure(error) === 'duplicate') return false;
        throw error;
      }
    },
    close: () => Promise.resolve(),
  };
}

function documentOf(screen: Screen): ScreenDocument {
  const { id, revision, codeHash, claimHash, tokenHash, formerTokenHash, codeExpiresAt, pairedAt, expiresAt, revokedAt } = screen;
  return {
    _id: id, revision: String(revision), code: codeHash, claim: claimHash, tokens: [tokenHash, formerTokenHash].filter((hash) => hash !== null), pairedAt: pairedAt === null ? null : sortable(pairedAt),
    endsAt: sortable(revokedAt ?? expiresAt ?? codeExpiresAt), screen: JSON.stringify(screen),
  };
}
