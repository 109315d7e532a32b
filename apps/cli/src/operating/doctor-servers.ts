import type { ProjectionDocument } from '#projections/mongo/lease';
import { MONGO_PROJECTIONS, mongoReader } from '../../../api/src/scaled/mongo-read-models.ts';
import { projectorElsewhere } from '../../../api/src/scaled/projector-elsewhere.ts';
import { connectServers, type ScaledServers, type ScaledServersOptions } from '../../../api/src/scaled/scaled-stores.ts';
import { clockFinding, fail, ok, projectionFinding, said, warn, type Finding } from './findings.ts';

/** Looks at the servers of the scaled-out profile and at what the workers have built; changes nothing but the index of the log. */
export async function examineServers(options: ScaledServersOptions): Promise<readonly Finding[]> {
  let servers: ScaledServers;
  try {
    servers = await connectServers(options);
  } catch (error) {
    return [fail('servers', said(error), 'Kiểm tra hai máy chủ đang chạy và hai địa chỉ KURRENTDB_URL, MONGODB_URL.')];
  }
  try {
    const { log, connection } = servers;
    const head = await log.head();
    const { version } = await connection.db.admin().serverInfo();
    const names = MONGO_PROJECTIONS.map((make) => make().name);
    const reader = mongoReader(connection);
    const statuses = await projectorElsewhere({ connection, reader, log, clock: options.clock, names }).status();
    const leases = await connection.db.collection<ProjectionDocument>('projections').find().toArray();
    const free = [...names, 'processes'].filter((name) => !leases.some(({ _id, holder }) => _id === name && holder !== null));
    return [
      ok('log', `${String(head.count)} sự kiện trên EventStoreDB/KurrentDB, vị trí ${String(head.position)}.`),
      clockFinding(head, options.clock),
      ok('mongodb', `MongoDB ${String(version)} tại ${connection.server}.`),
      free.length === 0 ? ok('workers', `Worker giữ: ${leases.map(({ _id, holder }) => `${_id} (${holder!.split(' ')[0]!})`).join(', ')}.`) : warn('workers', `Không worker nào giữ: ${free.join(', ')}.`, 'Chạy “nhacviec worker” (hồ sơ scaled), một hay nhiều tiến trình.'),
      ...statuses.map(projectionFinding),
      ...names.filter((name) => !statuses.some((one) => one.name === name && one.state === 'active')).map((name) => fail(`projection-${name}`, `Bảng “${name}” chưa được dựng.`, 'Chạy “nhacviec worker” và đợi nó dựng xong.')),
    ];
  } catch (error) {
    return [fail('servers', said(error), 'Kiểm tra hai máy chủ đang chạy và hai địa chỉ KURRENTDB_URL, MONGODB_URL.')];
  } finally {
    await servers.close();
  }
}
