/**
 * `attachment` with the name twice (RFC 6266 4.3, RFC 8187): in ASCII for old programs, tone marks dropped and anything that could end the quoted
 * string replaced, and whole in UTF-8.
 */
export function contentDisposition(name: string): string {
  const ascii = name
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/đ/g, 'd')
    .replace(/Đ/g, 'D')
    .replace(/[^\u0020-\u007e]/g, '_')
    // Some programs decode %xx even in the quoted form.
    .replace(/["\\%]/g, '_');
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded(name)}`;
}

/** `encodeURIComponent` leaves characters that are no attr-char of RFC 8187 3.2.1. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
