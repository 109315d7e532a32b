export interface MailText {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export const escape = (text: string): string => text.replace(/[&<>"']/g, (one) => `&#${String(one.charCodeAt(0))};`);

/** A mail as a page of its own that follows the reader's light or dark; `body` is HTML. */
export function mailPage(subject: string, body: string, foot: string, styles = '', dark = ''): string {
  return `<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>${escape(subject)}</title>
<style>
:root{color-scheme:light dark}
body{margin:0;background:#f6f5f1;color:#1d2329;font:16px/1.5 Arial,Helvetica,sans-serif}
.m{max-width:640px;margin:0 auto;padding:24px 16px}
.c{background:#fff;padding:8px 24px 24px;border-radius:6px}
h1{font-size:20px;line-height:1.45;margin:16px 0 4px}
h2{font-size:16px;line-height:1.45;margin:24px 0 4px}
.n,.d,.f{color:#57606a}
.n{font-weight:400}
p{margin:8px 0}
ul{margin:0;padding:0;list-style:none}
li{padding:10px 0;border-top:1px solid #d9dce0;overflow-wrap:anywhere}
.d{font-size:14px}
a{color:#1f4f8f;text-decoration:none}
.b{display:inline-block;margin:20px 0 4px;padding:11px 18px;border-radius:5px;background:#1f4f8f;color:#fff;font-weight:700}
.f{font-size:14px;padding:12px 24px}
${styles}@media (max-width:480px){.c{padding:4px 16px 20px}.f{padding:12px 16px}.m{padding:0}}
@media (prefers-color-scheme:dark){body{background:#14171a;color:#e8eaed}.c{background:#1d2125}.n,.d,.f{color:#a9b1ba}li{border-color:#3a4148}a{color:#9cc2f5}.b{background:#9cc2f5;color:#10243d}${dark}}
</style></head>
<body><div class="m"><div class="c"><h1>${escape(subject)}</h1>
${body}</div>
<p class="f">${escape(foot)}</p></div></body></html>
`;
}
