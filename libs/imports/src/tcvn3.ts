import { foldText } from '#kernel';

/** Letters of the old 8-bit fonts (TCVN 5712:1993, "ABC") as they look when read as Latin-1, and what they stand for. */
const FROM = '¡¢£¤¥¦§¨©ª«¬\u00AD®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ';
const TO = 'ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ';
const MAP = new Map(Array.from(FROM, (c, i) => [c, TO[i]!]));
/** Those of them that Unicode Vietnamese never writes inside a word. */
const FOREIGN = /[¡¢£¤¥¦§¨©ª«¬®µ¶·¸¹»¼½¾ÆÇËÎÏÐÑÖ×ØÜÞßäåæçëîïñö÷øûüþ]/u;
const SYLLABLE = /^(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnpqrstvx])?[aeiouy]{1,3}(?:ng|nh|ch|[cmnpt])?$/;

export function tcvn3ToUnicode(text: string): string {
  return Array.from(text.normalize('NFC'), (c) => MAP.get(c) ?? c).join('').normalize('NFC');
}

/** True when a word holds a letter Vietnamese does not have, and becomes a Vietnamese syllable when read as TCVN3. "Müller" does not. */
export function looksLikeTcvn3(text: string): boolean {
  if (!FOREIGN.test(text)) return false;
  return text.split(/[\s.,;:()"“”/-]+/u).some((word) => /[a-z]/i.test(word) && FOREIGN.test(word.replace(/^«|»$/g, '')) && SYLLABLE.test(foldText(tcvn3ToUnicode(word))));
}
