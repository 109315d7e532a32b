import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeXlsx } from '#imports/xlsx/write-xlsx';
import { addDays, type Day } from '#kernel';
import { beside, send, startServer } from './servers.ts';
import { ms, row, whole } from './table.ts';

/** A list of so many tasks as clerks write it, none of which the log has. */
export async function inventedList(rows: number, day: Day): Promise<Buffer> {
  const titles = ['STT', 'Số, ký hiệu văn bản', 'Ngày văn bản', 'Cơ quan ban hành', 'Người ký (chức vụ)', 'Trích yếu/Nội dung nhiệm vụ', 'Sản phẩm', 'Cơ quan chủ trì', 'Cơ quan phối hợp', 'Ngày giao', 'Thời hạn (nguyên văn)', 'Hạn xử lý', 'Gia hạn đến', 'Ngày hoàn thành', 'Văn bản kết quả', 'Trạng thái ghi', 'Ghi chú', 'Hạn hiệu lực', 'Giờ hạn', 'Giờ hoàn thành'];
  const cells = function* (): Generator<(string | number)[]> {
    for (let n = 1; n <= rows; n++) {
      const given = addDays(day, -90 - (n % 300));
      const due = addDays(given, 30);
      const done = n % 3 === 0 ? addDays(given, 25) : '';
      yield [
        n, `${String(n)}/UBND-DO`, given, 'UBND tỉnh', 'Phó Chủ tịch', `Báo cáo kết quả thực hiện nhiệm vụ được giao số ${String(n)}, tổng hợp khó khăn, vướng mắc và đề xuất giải pháp`, 'Báo cáo', 'Sở Nội vụ', '', given, 'trong thời hạn 30 ngày kể từ ngày nhận được văn bản', due, '', done,
        done === '' ? '' : `Văn bản số ${String(n)}/BC ngày ${done.split('-').reverse().join('/')}`, done === '' ? '' : 'Hoàn thành', `dòng ${String(n)}`, '', '', '',
      ];
    }
  };
  const days = new Set(['Ngày văn bản', 'Ngày giao', 'Hạn xử lý', 'Ngày hoàn thành']);
  const pieces: Buffer[] = [];
  for await (const piece of writeXlsx({ name: 'Danh sách', heading: '', columns: titles.map((title) => ({ title, ...(days.has(title) && { kind: 'day' as const }) })), rows: cells() })) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Lists out and in, and what others wait meanwhile. */
export async function benchSpreadsheets(folder: string, now: string, tasks: number, day: Day): Promise<void> {
  const server = await startServer(folder, now);
  const api = `${server.url}/api/v1`;
  try {
    await send(`${api}/figures`);
    await send(`${api}/tasks?limit=50`);
    for (const format of ['xlsx', 'csv']) {
      const out = await beside(server, async () => {
        const answer = await fetch(`${api}/tasks/export?format=${format}`);
        let bytes = 0;
        for await (const piece of answer.body!) bytes += (piece as Uint8Array).length;
        return bytes;
      });
      row(`${whole(tasks)} tasks out as ${format.toUpperCase()} (${(out.result / 1024 / 1024).toFixed(1)} MB)`, `${(out.took / 1000).toFixed(1)} s`, '5 s');
      row('  resident memory that it adds to the server at most (MB)', whole(out.grown), '250');
      row('  GET /tasks meanwhile, p99', ms(out.p99), '100 ms');
    }
    const list = await inventedList(tasks, day);
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(list)]), 'do.xlsx');
    const taken = await beside(server, async () => (await (await fetch(`${api}/imports`, { method: 'POST', body: form })).json()) as { readonly id: string; readonly sheets: readonly { readonly guessed: object }[] });
    row(`${whole(tasks)} new rows in XLSX (${(list.length / 1024 / 1024).toFixed(1)} MB) taken in`, `${(taken.took / 1000).toFixed(1)} s`);
    const { id, sheets } = taken.result;
    const rehearsed = await beside(server, async () => {
      await send(`${api}/imports/${id}/mapping`, { columns: sheets[0]!.guessed });
      for (;;) {
        const state = (await send(`${api}/imports/${id}`)) as { readonly doing: string | null; readonly rehearsed: { readonly counts: { readonly new: number } } | null; readonly failure: unknown };
        if (state.doing === null) return state.rehearsed?.counts.new ?? JSON.stringify(state.failure);
        await sleep(50);
      }
    });
    row(`  rehearsed: ${String(rehearsed.result)} new tasks`, `${(rehearsed.took / 1000).toFixed(1)} s`, '8 s');
    row('  resident memory that both add at most (MB)', whole(Math.max(taken.grown, rehearsed.grown)), '350');
    row('  GET /tasks meanwhile, p99', ms(Math.max(taken.p99, rehearsed.p99)), '100 ms');
    row('  load of the machine', loadavg()[0]!.toFixed(1));
  } finally {
    await server.stop();
  }
}
