import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState, type SubmitEvent } from 'react';
import { get } from '../api.ts';
import { day } from '../format.ts';
import { FieldErrors, Labelled, refusalsOf } from '../forms/field.tsx';
import { Refusal } from '../forms/refusal.tsx';
import { t } from '../i18n.ts';
import { saidIn } from '../said.tsx';
import { Failure, Loading } from '../states.tsx';
import type { PaperSection, Preview, ReportDetail, ReportWords, WrittenDocument } from './types.ts';
import { useCommand, type Refused } from './use-command.ts';

const NEW_DOCUMENT: WrittenDocument = { code: '', number: '', date: null, kind: null, issuer: '', content: '' };

const flat = (sections: readonly PaperSection[]): readonly PaperSection[] => sections.flatMap((one) => [one, ...flat(one.sections)]);
const linesOf = (text: string): string[] => text.split('\n').map((line) => line.trim()).filter(Boolean);
const rowsFor = (text: string): number => Math.min(14, Math.max(2, text.split('\n').reduce((rows, line) => rows + 1 + Math.floor(line.length / 95), 0)));

/** What the server could not read in one slot or document, as it names the place: the group, the name, and the number of the sentence. */
function faultsOf(problem: Refused | null, group: string, name: string): { sentence: string; detail: string }[] {
  const place = `${group} › ${name}`;
  return (problem?.faults ?? []).flatMap(({ path, detail }) => {
    const rest = path.startsWith(place) ? path.slice(place.length) : undefined;
    return rest !== undefined && /^( \d+$|$| ›)/.test(rest) ? [{ sentence: /^ (\d+)$/.exec(rest)?.[1] ?? '', detail }] : [];
  });
}

const nextCode = (documents: readonly WrittenDocument[]): string => {
  for (let n = documents.length + 1; ; n++) {
    const code = `vb${String(n)}`;
    if (!documents.some((one) => one.code === code)) return code;
  }
};

/** One document that the sentences cite; given to `keep` when it is whole. */
function DocumentForm({ begun, taken, keep, close }: { begun: WrittenDocument; taken: readonly string[]; keep: (document: WrittenDocument) => void; close: () => void }) {
  const [fields, setFields] = useState(begun);
  const [tried, setTried] = useState(false);
  const set = (part: Partial<WrittenDocument>): void => setFields((old) => ({ ...old, ...part }));
  const missing = (name: 'code' | 'number' | 'issuer' | 'content', says: string) => (tried && fields[name].trim() === '' ? [{ pointer: `/${name}`, detail: says }] : []);
  const repeated = taken.includes(fields.code.trim()) ? [{ pointer: '/code', detail: t('Mã này đã dùng cho văn bản khác.') }] : [];
  const add = (): void => {
    setTried(true);
    if (repeated.length > 0 || [fields.code, fields.number, fields.issuer, fields.content].some((text) => text.trim() === '')) return;
    keep({ ...fields, code: fields.code.trim() });
  };
  // Within another form: not one of its own, and Enter does not send the whole.
  return (
    <div className="rpinline" role="group" aria-label={t('Văn bản được dẫn')} onKeyDown={(event) => {
      if (event.key === 'Enter' && event.target instanceof HTMLInputElement) {
        event.preventDefault();
        add();
      }
    }}>
      <div className="pair">
        <Labelled label={t('Mã')} required hint={t('để câu văn dẫn, ví dụ vb1')} errors={[...missing('code', t('Cần một mã.')), ...repeated]}>
          {(ids) => <input {...ids} type="text" name="docCode" value={fields.code} onChange={(event) => set({ code: event.target.value })} />}
        </Labelled>
        <Labelled label={t('Loại văn bản')}>{(ids) => <input {...ids} type="text" name="docKind" value={fields.kind ?? ''} onChange={(event) => set({ kind: event.target.value === '' ? null : event.target.value })} />}</Labelled>
      </div>
      <div className="pair">
        <Labelled label={t('Số, ký hiệu')} required errors={missing('number', t('Cần số, ký hiệu.'))}>
          {(ids) => <input {...ids} type="text" name="docNumber" value={fields.number} onChange={(event) => set({ number: event.target.value })} />}
        </Labelled>
        <Labelled label={t('Ngày văn bản')}>{(ids) => <input {...ids} type="date" name="docDate" value={fields.date ?? ''} onChange={(event) => set({ date: event.target.value === '' ? null : event.target.value })} />}</Labelled>
      </div>
      <Labelled label={t('Cơ quan ban hành')} required errors={missing('issuer', t('Cần cơ quan ban hành.'))}>
        {(ids) => <input {...ids} type="text" name="docIssuer" value={fields.issuer} onChange={(event) => set({ issuer: event.target.value })} />}
      </Labelled>
      <Labelled label={t('Trích yếu')} required errors={missing('content', t('Cần trích yếu.'))}>
        {(ids) => <input {...ids} type="text" name="docContent" value={fields.content} onChange={(event) => set({ content: event.target.value })} />}
      </Labelled>
      <p className="acts">
        <button type="button" className="btn" onClick={add}>
          {t('Giữ văn bản này')}
        </button>
        <button type="button" className="btn" onClick={close}>
          {t('Thôi')}
        </button>
      </p>
    </div>
  );
}

interface Said {
  says: string;
  setSays: (says: string) => void;
}

function SlotsForm({ report, preview, words, done, says, setSays }: { report: ReportDetail; preview: Preview; words: ReportWords; done: () => void } & Said) {
  const began = useRef(new Map(words.slots.map(({ slot, lines }) => [slot, lines.join('\n')])));
  const [texts, setTexts] = useState<ReadonlyMap<string, string>>(began.current);
  const [documents, setDocuments] = useState<readonly WrittenDocument[]>(words.documents);
  const [active, setActive] = useState<string | null>(null);
  const [editing, setEditing] = useState<string | null>(null);
  const [place, setPlace] = useState('');
  const boxes = useRef(new Map<string, HTMLTextAreaElement>());
  const { problem, sending, run } = useCommand();
  const headings = new Map(flat(preview.report.sections).map(({ key, number, heading }) => [key, `${number} ${heading}`.trim()]));
  const parts = new Map(preview.report.sections.flatMap((part) => flat([part]).map(({ key }) => [key, part])));
  const placeMissing = report.content === null && preview.report.head.place === '';
  const changed = words.slots.filter(({ slot }) => linesOf(texts.get(slot) ?? '').join('\n') !== began.current.get(slot));
  const documentsChanged = JSON.stringify(documents) !== JSON.stringify(words.documents);
  const write = (slot: string, text: string): void => {
    setSays('');
    setTexts((old) => new Map(old).set(slot, text));
  };
  const cite = (slot: string, code: string): void => {
    const box = boxes.current.get(slot);
    const text = texts.get(slot) ?? '';
    const at = box?.selectionStart ?? text.length;
    const cited = `{văn bản: ${code}}`;
    write(slot, text.slice(0, at) + cited + text.slice(box?.selectionEnd ?? at));
    requestAnimationFrame(() => {
      box?.focus();
      box?.setSelectionRange(at + cited.length, at + cited.length);
    });
  };
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (changed.length === 0 && !documentsChanged) {
      setSays(t('Chưa sửa gì.'));
      return;
    }
    const body = {
      ...(placeMissing ? { place } : {}),
      words: { slots: changed.map(({ slot }) => ({ slot, lines: linesOf(texts.get(slot) ?? '') })), ...(documentsChanged ? { documents } : {}) },
    };
    if (await run(`/reports/${encodeURIComponent(report.id)}/edit`, body, report.revision)) {
      setSays(t('Đã lưu.'));
      done();
    }
  };
  return (
    <form className="form rpwords" noValidate onSubmit={(event) => void submit(event)}>
      <p className="effect">
        {t('Mỗi câu một dòng; bắt đầu bằng “- ” thì thành gạch đầu dòng. Số liệu do hệ thống tự đặt vào, không cần gõ. Để trống ô nào thì báo cáo không có đoạn ấy.')}
      </p>
      {placeMissing ? (
        <Labelled label={t('Nơi ban hành')} required errors={refusalsOf(problem, 'place')}>
          {(ids) => <input {...ids} type="text" name="wordsPlace" value={place} onChange={(event) => setPlace(event.target.value)} />}
        </Labelled>
      ) : null}
      {words.slots.map(({ slot, section, required }, n) => {
        const part = section === null ? undefined : parts.get(section);
        const before = words.slots[n - 1]?.section ?? null;
        // Headings of the same words stand in several parts.
        const begins = part !== undefined && part.key !== section && part !== (before === null ? undefined : parts.get(before));
        const faults = faultsOf(problem, 'lời văn', slot);
        const heading = section === null ? undefined : headings.get(section);
        const label = heading === undefined ? t('Ô “{{slot}}”', { slot }) : slot === section ? heading : t('{{heading}} (ô “{{slot}}”)', { heading, slot });
        return (
          <div key={slot} data-slot={slot} onFocus={() => setActive(slot)}>
            {begins ? <h3 className="minor">{`${part.number} ${part.heading}`.trim()}</h3> : null}
            <Labelled
              label={label}
              required={required}
              hint={section === null ? t('mẫu này không có ô ấy') : undefined}
              errors={faults.map(({ sentence, detail }) => ({ pointer: `/words/${slot}`, detail: sentence === '' ? detail : t('Câu {{n}}: {{detail}}', { n: sentence, detail }) }))}
            >
              {(ids) => (
                <textarea
                  {...ids}
                  ref={(box) => {
                    if (box) boxes.current.set(slot, box);
                    else boxes.current.delete(slot);
                  }}
                  name={`slot-${slot}`}
                  rows={rowsFor(texts.get(slot) ?? '')}
                  value={texts.get(slot) ?? ''}
                  onChange={(event) => write(slot, event.target.value)}
                />
              )}
            </Labelled>
            {active === slot && documents.length > 0 ? (
              <label className="rpcite">
                {t('Dẫn một văn bản:')}{' '}
                <select name="cite" value="" onChange={(event) => cite(slot, event.target.value)}>
                  <option value="">{t('chọn để chèn vào chỗ con trỏ')}</option>
                  {documents.map(({ code, kind, number, date, content }) => (
                    <option key={code} value={code}>
                      {[kind, number].filter(Boolean).join(' ')}
                      {date ? ` (${day(date)})` : ''}: {content.length > 60 ? `${content.slice(0, 60)}…` : content}
                    </option>
                  ))}
                </select>
              </label>
            ) : null}
          </div>
        );
      })}
      <fieldset className="rpdocs">
        <legend>{t('Văn bản được dẫn ({{n}})', { n: documents.length })}</legend>
        <ul>
          {documents.map((one) => {
            const faults = faultsOf(problem, 'văn bản', one.code);
            return (
              <li key={one.code}>
                {editing === one.code ? (
                  <DocumentForm
                    begun={one}
                    taken={documents.filter(({ code }) => code !== one.code).map(({ code }) => code)}
                    keep={(kept) => {
                      setDocuments((old) => old.map((other) => (other.code === one.code ? kept : other)));
                      setEditing(null);
                      setSays('');
                    }}
                    close={() => setEditing(null)}
                  />
                ) : (
                  <>
                    <span>
                      <span className="code">{one.code}</span> · {[one.kind, one.number].filter(Boolean).join(' ')} · {[one.date === null ? '' : day(one.date), one.issuer, one.content].filter(Boolean).join(' · ')}
                    </span>
                    <span className="acts">
                      <button type="button" className="btn" onClick={() => setEditing(one.code)}>
                        <IconPencil size={16} aria-hidden /> {t('Sửa')} <span className="vh">{one.number}</span>
                      </button>
                      <button type="button" className="btn" onClick={() => {
                        setDocuments((old) => old.filter(({ code }) => code !== one.code));
                        setSays('');
                      }}>
                        <IconTrash size={16} aria-hidden /> {t('Bỏ')} <span className="vh">{one.number}</span>
                      </button>
                    </span>
                  </>
                )}
                <FieldErrors errors={faults.map(({ detail }) => ({ pointer: `/words/${one.code}`, detail }))} />
              </li>
            );
          })}
        </ul>
        {editing === '' ? (
          <DocumentForm
            begun={{ ...NEW_DOCUMENT, code: nextCode(documents) }}
            taken={documents.map(({ code }) => code)}
            keep={(kept) => {
              setDocuments((old) => [...old, kept]);
              setEditing(null);
              setSays('');
            }}
            close={() => setEditing(null)}
          />
        ) : (
          <button type="button" className="btn" onClick={() => setEditing('')}>
            <IconPlus size={16} aria-hidden /> {t('Thêm văn bản')}
          </button>
        )}
      </fieldset>
      {problem ? <Refusal problem={problem.faults ? { ...problem, detail: t('Lời văn có chỗ không đọc được; xem từng chỗ ở trên.') } : problem} events={[]} /> : null}
      <p className="acts rpsave">
        <button type="submit" className="btn primary" disabled={sending}>
          {sending ? t('Đang lưu…') : t('Lưu lời văn')}
        </button>
        <span role="status" className="quiet">
          {says || (changed.length > 0 || documentsChanged ? t('Có chỗ đã sửa, chưa lưu.') : '')}
        </span>
      </p>
    </form>
  );
}

/** The whole text as the file that it is, for who writes it elsewhere. */
function FileForm({ report, done }: { report: ReportDetail; done: () => void }) {
  const [content, setContent] = useState(report.content ?? '');
  const [says, setSays] = useState('');
  const { problem, sending, run } = useCommand();
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (content === (report.content ?? '')) {
      setSays(t('Chưa sửa gì.'));
      return;
    }
    if (await run(`/reports/${encodeURIComponent(report.id)}/edit`, { content: content.trim() === '' ? null : content }, report.revision)) {
      setSays(t('Đã lưu.'));
      done();
    }
  };
  return (
    <form className="form" noValidate onSubmit={(event) => void submit(event)}>
      <Labelled label={t('Lời văn, viết theo mẫu')} hint={t('YAML; cách viết ở docs/reports.md')} errors={problem?.faults ? [] : refusalsOf(problem, 'content')}>
        {(ids) => <textarea {...ids} className="rpyaml" name="content" rows={16} spellCheck={false} value={content} onChange={(event) => setContent(event.target.value)} />}
      </Labelled>
      {problem?.faults ? (
        <ul className="ferr" lang={saidIn()}>
          {problem.faults.map((fault, n) => (
            <li key={n}>{t('dòng {{line}}, cột {{column}}: {{detail}}', { line: fault.line, column: fault.column, detail: fault.detail })}</li>
          ))}
        </ul>
      ) : null}
      {problem ? <Refusal problem={problem.faults ? { ...problem, detail: t('Lời văn có chỗ không đọc được; xem từng chỗ ở trên.') } : problem} events={[]} /> : null}
      <p className="acts">
        <button type="submit" className="btn" disabled={sending}>
          {sending ? t('Đang lưu…') : t('Lưu tệp')}
        </button>
        <span role="status" className="quiet">
          {says}
        </span>
      </p>
    </form>
  );
}

/** What the office writes: slot by slot beside the headings of the report, and the file behind it. */
export function WordsForm({ report, preview, done }: { report: ReportDetail; preview: Preview; done: () => void }) {
  // Here, for what is saved comes back as a form begun anew.
  const [says, setSays] = useState('');
  const words = useQuery({ queryKey: ['report', report.id, 'words'], queryFn: ({ signal }) => get<ReportWords>(`/reports/${encodeURIComponent(report.id)}/words`, {}, signal) });
  if (words.isError) return <Failure error={words.error} retry={() => void words.refetch()} />;
  if (!words.data) return <Loading what={t('lời văn')} />;
  return (
    <>
      <SlotsForm key={words.data.revision} report={report} preview={preview} words={words.data} done={done} says={says} setSays={setSays} />
      <details className="rpfile">
        <summary>{t('Sửa cả tệp lời văn')}</summary>
        <FileForm key={words.data.revision} report={report} done={done} />
      </details>
    </>
  );
}
