/** What the task of an owed report is filed under: `GET /figures?field=bao-cao-dinh-ky` counts those done in time, and so does `{báo cáo: …}` of a template. */
export const REPORT_FIELD = 'bao-cao-dinh-ky';
