/** A labelled input that says what is expected, and what is wrong. */
import type { ComponentChildren, InputHTMLAttributes, LooseInputHTMLAttributes, TextareaHTMLAttributes } from "preact";
import { useId } from "preact/hooks";

interface FieldProps extends Omit<LooseInputHTMLAttributes<HTMLInputElement>, "label" | "ref" | "role"> {
  label: string;
  hint?: ComponentChildren;
  error?: string | undefined;
}

export function Field({ label, hint, error, ...rest }: FieldProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        {...(rest as InputHTMLAttributes<HTMLInputElement>)}
        id={id}
        dir={rest.type === "password" ? undefined : "auto"}
        aria-invalid={error ? true : undefined}
        aria-describedby={hint || error ? `${id}-note` : undefined}
      />
      <Note id={`${id}-note`} hint={hint} error={error} />
    </div>
  );
}

interface AreaProps extends Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, "label" | "ref"> {
  label: string;
  hint?: ComponentChildren;
  error?: string | undefined;
}

export function Area({ label, hint, error, ...rest }: AreaProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <textarea
        rows={3}
        {...rest}
        id={id}
        dir="auto"
        aria-invalid={error ? true : undefined}
        aria-describedby={hint || error ? `${id}-note` : undefined}
      />
      <Note id={`${id}-note`} hint={hint} error={error} />
    </div>
  );
}

function Note({ id, hint, error }: { id: string; hint?: ComponentChildren; error?: string | undefined }) {
  if (error) {
    return (
      <p id={id} class="field-error">
        {error}
      </p>
    );
  }
  return hint ? (
    <p id={id} class="field-hint">
      {hint}
    </p>
  ) : null;
}

interface ChoiceProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly { value: Value; label: string; hint?: string }[];
  onChange: (value: Value) => void;
}

/** One of a few, all of them in sight. */
export function Choice<Value extends string>({ label, value, options, onChange }: ChoiceProps<Value>) {
  const id = useId();
  return (
    <fieldset class="field choice">
      <legend>{label}</legend>
      {options.map((option) => (
        <label key={option.value} class="choice-option">
          <input type="radio" name={id} checked={option.value === value} onChange={() => onChange(option.value)} />
          <span>
            <span class="choice-label">{option.label}</span>
            {option.hint && <span class="choice-hint">{option.hint}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

interface SelectProps {
  label: string;
  hint?: string;
  value: string;
  options: readonly { value: string; label: string }[];
  onChange: (value: string) => void;
}

/** One of many. */
export function Select({ label, hint, value, options, onChange }: SelectProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value}
        aria-describedby={hint ? `${id}-note` : undefined}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <Note id={`${id}-note`} hint={hint} />
    </div>
  );
}

interface ChecksProps<Value extends string> {
  label: string;
  values: readonly Value[];
  options: readonly { value: Value; label: string }[];
  error?: string | undefined;
  onChange: (values: readonly Value[]) => void;
}

/** Any of a few, in the order of the options. */
export function Checks<Value extends string>({ label, values, options, error, onChange }: ChecksProps<Value>) {
  const id = useId();
  const change = (value: Value, isOn: boolean) =>
    onChange(options.map((one) => one.value).filter((one) => (one === value ? isOn : values.includes(one))));
  return (
    <fieldset class="field" aria-describedby={error ? `${id}-note` : undefined}>
      <legend>{label}</legend>
      <div class="checks">
        {options.map((option) => (
          <label key={option.value} class="check">
            <input
              type="checkbox"
              checked={values.includes(option.value)}
              onChange={(event) => change(option.value, event.currentTarget.checked)}
            />
            {option.label}
          </label>
        ))}
      </div>
      <Note id={`${id}-note`} error={error} />
    </fieldset>
  );
}
