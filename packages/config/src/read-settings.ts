import { AppError, err, ok, type Result } from '@candlecast/domain';
import { SETTINGS, type SettingName, type Settings } from './settings.ts';

const PREFIX = 'CANDLECAST_';

/**
 * Reads the named settings from `environment`. Returns every problem at once: wrong values and unknown names with our prefix.
 * Empty values count as absent. Problems name the variable and the rule, never the value (it may be a secret).
 */
export function readSettings<K extends SettingName>(names: readonly K[], environment: NodeJS.ProcessEnv): Result<Settings<K>> {
  const problems = Object.keys(environment)
    .filter((name) => name.startsWith(PREFIX) && !(name in SETTINGS))
    .map((name) => `${name} is not a setting`);
  const values: Record<string, unknown> = {};
  for (const name of names) {
    const raw = environment[name];
    const parsed = SETTINGS[name].safeParse(raw === '' ? undefined : raw);
    if (parsed.success) values[name] = parsed.data;
    else problems.push(`${name}: ${parsed.error.issues.map((issue) => issue.message).join('; ')}`);
  }
  if (problems.length > 0) return err(new AppError('config_invalid', problems.join('\n')));
  return ok(values as Settings<K>);
}
