import { IconTrash, IconUpload } from '@tabler/icons-react';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type SubmitEvent } from 'react';
import { roleOf, useActor } from '../actor.ts';
import { ApiError, get, remove, upload, type Page } from '../api.ts';
import { ExportLinks } from '../export-links.tsx';
import { count, day } from '../format.ts';
import { Labelled } from '../forms/field.tsx';
import { Frame } from '../frame.tsx';
import { t } from '../i18n.ts';
import { PrintedPart } from '../pager.tsx';
import { saidIn } from '../said.tsx';
import { Failure, Loading } from '../states.tsx';
import '../styles/reminders.css';
import { CHANNEL_WORDS, Tabs } from './parts.tsx';
import { type Delivery } from './types.ts';

interface Person {
  id: string;
  name: string;
  unitName: string;
  roleName: string;
  channels: readonly Delivery['channel'][];
  delegation: { toName: string; from: string; until: string } | null;
  leftOn: string | null;
  /** Contacts: for the office and the administrator only. */
  code?: string;
  email?: string | null;
  phone?: string | null;
}

interface Imported {
  dryRun: boolean;
  added: number;
  changed: number;
  left: number;
  refused: { line: number; column: string; given: string; expected?: string; detail: string }[];
}

const PAGE = 100;
const MOST_REFUSED = 100;
const failureWords = (error: unknown): string => (error instanceof ApiError ? (error.problem.detail ?? error.message) : String(error));

/** What was not taken: where it stands, what stands there, what is expected. */
function Refused({ rows }: { rows: Imported['refused'] }) {
  return (
    <>
      <div className="rtable">
        <table data-refused={rows.length}>
          <thead>
            <tr>
              <th scope="col">{t('Dòng')}</th>
              <th scope="col">{t('Cột')}</th>
              <th scope="col">{t('Đang ghi')}</th>
              <th scope="col">{t('Cần ghi')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, MOST_REFUSED).map(({ line, column, given, expected, detail }, n) => (
              <tr key={n}>
                <td data-label={t('Dòng')}>{count(line)}</td>
                <td data-label={t('Cột')}>{column === '' ? t('cả dòng') : <span lang="vi">{column}</span>}</td>
                <td data-label={t('Đang ghi')}>
                  {given === '' ? t('trống') : <span lang="vi">{given}</span>}
                  <span className="sub" lang={saidIn()}>
                    {detail}
                  </span>
                </td>
                <td data-label={t('Cần ghi')}>
                  <span lang={saidIn()}>{expected ?? ''}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > MOST_REFUSED ? <p className="quiet">{t('Và {{n}} dòng nữa.', { n: count(rows.length - MOST_REFUSED) })}</p> : null}
    </>
  );
}

/** The list comes from a file that the administrator keeps: tried first, then taken. */
function ImportPeople({ actor, done }: { actor: string; done: () => void }) {
  const [file, setFile] = useState<File | null>(null);
  const [sync, setSync] = useState(false);
  const [result, setResult] = useState<Imported | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const give = async (dryRun: boolean): Promise<void> => {
    if (!file) return;
    setBusy(true);
    setWrong(null);
    try {
      setResult(await upload<Imported>(file, actor, { path: `/people/import/file?sync=${String(sync)}&dryRun=${String(dryRun)}` }));
      if (!dryRun) done();
    } catch (error) {
      setResult(null);
      setWrong(failureWords(error));
    }
    setBusy(false);
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void give(result === null || !result.dryRun);
  };
  return (
    <section className="rempeople" aria-labelledby="nhap-danh-ba">
      <h2 id="nhap-danh-ba">{t('Nhập danh bạ')}</h2>
      <p className="quiet">
        {t('Tệp XLSX hoặc CSV (UTF-8) có cột Mã, Họ và tên, Đơn vị, Vai trò; có thể thêm Thư điện tử, Điện thoại, Kênh, Giờ yên lặng, Số thư mỗi ngày, Ủy quyền cho, Ủy quyền từ, Ủy quyền đến, Nghỉ từ. Tên và liên hệ nằm ngoài nhật ký.')}
      </p>
      <form noValidate onSubmit={submit}>
        <Labelled label={t('Tệp danh bạ')} required errors={wrong === null ? [] : [{ detail: wrong }]}>
          {(ids) => (
            <input
              {...ids}
              type="file"
              name="people"
              accept=".csv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
              onChange={(event) => {
                setResult(null);
                setWrong(null);
                setFile(event.target.files?.[0] ?? null);
              }}
            />
          )}
        </Labelled>
        <label className="check">
          <input
            type="checkbox"
            name="sync"
            checked={sync}
            onChange={(event) => {
              setSync(event.target.checked);
              setResult(null);
            }}
          />{' '}
          {t('Ai không có trong tệp coi như nghỉ từ hôm nay')}
        </label>
        {result ? (
          <div role="status" data-result={result.dryRun ? 'tried' : 'taken'}>
            <p>
              {result.dryRun
                ? t('Sẽ thêm {{added}} người, sửa {{changed}} người, cho nghỉ {{left}} người; {{refused}} dòng không nhận được.', { added: count(result.added), changed: count(result.changed), left: count(result.left), refused: count(result.refused.length) })
                : t('Đã thêm {{added}} người, sửa {{changed}} người, cho nghỉ {{left}} người; {{refused}} dòng không nhận được.', { added: count(result.added), changed: count(result.changed), left: count(result.left), refused: count(result.refused.length) })}
            </p>
            {result.refused.length > 0 ? <Refused rows={result.refused} /> : null}
          </div>
        ) : null}
        <p className="acts">
          <button type="submit" className="btn primary" disabled={busy || file === null || (result !== null && !result.dryRun)}>
            <IconUpload size={16} aria-hidden /> {result?.dryRun ? t('Nhập vào danh bạ') : t('Xem trước')}
          </button>
        </p>
      </form>
    </section>
  );
}

function Erase({ person, erase }: { person: Person; erase: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  return (
    <>
      <button type="button" className="btn plain" aria-label={t('Xóa {{name}}', { name: person.name })} onClick={() => dialog.current?.showModal()}>
        <IconTrash size={16} aria-hidden /> {t('Xóa')}
      </button>
      <dialog ref={dialog} aria-label={t('Xóa {{name}}', { name: person.name })}>
        <p>{t('Xóa hẳn tên và liên hệ của {{name}}? Các lần nhắc đã ghi vẫn còn, chỉ hiện là đã xóa theo yêu cầu.', { name: person.name })}</p>
        <p className="acts">
          <button type="button" className="btn primary" onClick={erase}>
            {t('Xóa khỏi danh bạ')}
          </button>
          <button type="button" className="btn" onClick={() => dialog.current?.close()}>
            {t('Thôi')}
          </button>
        </p>
      </dialog>
    </>
  );
}

/** `/nhac/danh-ba`: who can be reminded, by which ways, and the file that they come from. */
export function PeoplePage() {
  const actor = useActor();
  const client = useQueryClient();
  const admin = roleOf(actor) === 'admin';
  const [from, setFrom] = useState(0);
  const [said, setSaid] = useState('');
  const people = useQuery({
    queryKey: ['people', actor, from],
    queryFn: ({ signal }) => get<Page<Person>>('/people', { limit: String(PAGE), cursor: from === 0 ? null : from.toString(36) }, signal, actor),
    placeholderData: keepPreviousData,
  });
  const again = (): void => void client.invalidateQueries({ queryKey: ['people'] });
  const erase = async (person: Person): Promise<void> => {
    try {
      await remove(`/people/${encodeURIComponent(person.id)}`, actor);
      setSaid(t('Đã xóa {{name}} khỏi danh bạ.', { name: person.name }));
    } catch (error) {
      setSaid(failureWords(error));
    }
    again();
  };
  const data = people.data;
  return (
    <Frame title={t('Danh bạ')} lost={people.error instanceof ApiError && people.error.status === 0}>
      <Tabs />
      {people.isError && !data ? (
        <Failure error={people.error} retry={() => void people.refetch()} />
      ) : !data ? (
        <Loading what={t('danh bạ')} />
      ) : (
        <>
          <h1 className="listh">
            <span className="big" data-total={data.total}>
              {count(data.total)}
            </span>{' '}
            {t('người được nhắc')}
          </h1>
          <p role="status">{said}</p>
          {data.total > 0 && (admin || roleOf(actor) === 'office') ? <ExportLinks path="/people" query={{}} /> : null}
          {data.items.length > 0 ? (
            <div className="rtable">
              <table>
                <thead>
                  <tr>
                    <th scope="col">{t('Người')}</th>
                    <th scope="col">{t('Vai trò')}</th>
                    <th scope="col">{t('Liên hệ')}</th>
                    {admin ? (
                      <th scope="col">
                        <span className="vh">{t('Xóa')}</span>
                      </th>
                    ) : null}
                  </tr>
                </thead>
                <tbody>
                  {data.items.map((person) => (
                    <tr key={person.id} data-person={person.id}>
                      <td data-label={t('Người')}>
                        {person.name}
                        <span className="sub">{person.code ? `${person.code} · ${person.unitName}` : person.unitName}</span>
                      </td>
                      <td data-label={t('Vai trò')}>
                        <span lang={saidIn()}>{person.roleName}</span>
                        {person.leftOn ? <span className="sub">{t('nghỉ từ {{day}}', { day: day(person.leftOn) })}</span> : null}
                        {person.delegation ? (
                          <span className="sub">{t('ủy quyền cho {{name}} từ {{from}} đến {{until}}', { name: person.delegation.toName, from: day(person.delegation.from), until: day(person.delegation.until) })}</span>
                        ) : null}
                      </td>
                      <td data-label={t('Liên hệ')}>
                        {[person.email, person.phone].filter(Boolean).join(' · ') || t('hộp nhắc')}
                        {person.channels.length > 0 ? <span className="sub">{person.channels.map((channel) => CHANNEL_WORDS[channel]).join(', ')}</span> : null}
                      </td>
                      {admin ? (
                        <td>
                          <Erase person={person} erase={() => void erase(person)} />
                        </td>
                      ) : null}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          ) : null}
          {data.total > PAGE ? (
            <p className="acts">
              <PrintedPart shown={data.items.length} total={data.total} />
              <button type="button" className="btn" disabled={from === 0} onClick={() => setFrom(Math.max(0, from - PAGE))}>
                {t('Trang trước')}
              </button>
              <button type="button" className="btn" disabled={from + PAGE >= data.total} onClick={() => setFrom(from + PAGE)}>
                {t('Trang sau')}
              </button>
            </p>
          ) : null}
          {admin ? <ImportPeople actor={actor} done={again} /> : <p className="quiet">{t('Quản trị nhập và xóa người trong danh bạ.')}</p>}
        </>
      )}
    </Frame>
  );
}
