import { ValidationPipe } from '@nestjs/common';
import { getMetadataStorage, type ValidationError } from 'class-validator';
import { Problem, type ProblemItem } from '#kernel';

rememberRules();

/** How every body and query is read: nothing that is not asked for, each wrong place named. */
export const validationPipe = (): ValidationPipe =>
  new ValidationPipe({
    whitelist: true, forbidNonWhitelisted: true, transform: true, forbidUnknownValues: true,
    validationError: { target: false },
    exceptionFactory: (errors) => validationProblem(errors),
  });

/** Days and instants that do not exist are understood but invalid (422); anything else of the wrong shape is not understood (400). */
function validationProblem(errors: readonly ValidationError[]): Problem {
  const items = flatten(errors, '');
  const invalid = items.every((item) => item.code === 'day' || item.code === 'instant');
  return invalid
    ? new Problem(422, 'content-invalid', 'Nội dung không hợp lệ', describe(items), { errors: items })
    : new Problem(400, 'content-not-understandable', 'Nội dung không hiểu được', describe(items), { errors: items });
}

function describe(items: readonly ProblemItem[]): string {
  return items.map((item) => `${item.pointer}: ${item.detail}`).join('; ');
}

const EXPECTED: Readonly<Record<string, string>> = {
  whitelistValidation: 'trường này không có trong yêu cầu', isString: 'cần một chuỗi', isNotEmpty: 'không được trống', isInt: 'cần số nguyên', isNumber: 'cần một số',
  isBoolean: 'cần true hoặc false', isObject: 'cần một đối tượng', isArray: 'cần một danh sách', maxLength: 'quá dài', min: 'quá nhỏ', max: 'quá lớn', nestedValidation: 'cần một đối tượng',
};

function flatten(errors: readonly ValidationError[], path: string): ProblemItem[] {
  return errors.flatMap((error) => {
    const pointer = `${path}/${error.property}`;
    // What is no object is said where it stands; the library says it again, in its own words, of nothing.
    const own = Object.entries(error.constraints ?? {}).filter(([code]) => code !== 'unknownValue').slice(0, 1).map(([code, message]) => ({ pointer, code, detail: EXPECTED[code] ?? message, ...(error.value === undefined ? {} : { given: shorten(error.value) }) }));
    return [...own, ...flatten(error.children ?? [], pointer)];
  });
}

/** What was given, never so much of it that the answer grows with the request. */
function shorten(value: unknown): unknown {
  const text = JSON.stringify(value) as string | undefined;
  return text !== undefined && text.length > 200 ? `${text.slice(0, 200)}…` : value;
}

/**
 * class-validator 0.15 walks through the rules of all classes to find what one inherits, again for every object it looks at: a twentieth of what
 * a command costs with as many classes as here. The rules stand still once the classes are declared, so each class is looked up once.
 */
function rememberRules(): void {
  const storage = getMetadataStorage();
  const lookUp = storage.getTargetValidationMetadatas.bind(storage);
  const known = new Map<unknown, ReturnType<typeof lookUp>>();
  storage.getTargetValidationMetadatas = (target, schema, always, strictGroups, groups) => {
    // Rules by groups are of no class here; whoever uses them gets what the library says.
    if (groups !== undefined && groups.length > 0) return lookUp(target, schema, always, strictGroups, groups);
    let rules = known.get(target);
    if (!rules) known.set(target, (rules = lookUp(target, schema, always, strictGroups, groups)));
    return rules;
  };
}
