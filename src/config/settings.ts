import { plainToInstance, type ClassConstructor } from 'class-transformer';
import { validateSync } from 'class-validator';

export class SettingsError extends Error {
  constructor(readonly mistakes: string[]) {
    super(
      `The configuration has ${mistakes.length} mistake(s):\n${mistakes.map((it) => `  - ${it}`).join('\n')}`,
    );
    this.name = 'SettingsError';
  }
}

type Environment = Record<string, string | undefined>;

/** A settings class may add rules that span several variables; each of them may be malformed. */
interface CrossChecked {
  crossCheck?(): string[];
}

/** Every mistake in `environment` against a settings class, in words that say what to set. */
export function mistakesIn<T extends object>(
  settings: ClassConstructor<T>,
  environment: Environment,
): string[] {
  const instance: T & CrossChecked = parse(settings, environment);
  const mistakes = validateSync(instance, { skipMissingProperties: false }).flatMap(({ constraints }) =>
    Object.values(constraints ?? {}),
  );
  return [...mistakes, ...(instance.crossCheck?.() ?? [])];
}

/** @throws SettingsError with every mistake at once */
export function readSettings<T extends object>(settings: ClassConstructor<T>, environment: Environment): T {
  const mistakes = mistakesIn(settings, environment);
  if (mistakes.length > 0) throw new SettingsError(mistakes);
  return parse(settings, environment);
}

/** An empty variable counts as not set, as in a copied `.env.example`. */
function parse<T extends object>(settings: ClassConstructor<T>, environment: Environment): T {
  const present = Object.entries(environment).filter(
    ([, value]) => value !== undefined && value.trim() !== '',
  );
  return plainToInstance(settings, Object.fromEntries(present), { exposeDefaultValues: true });
}
