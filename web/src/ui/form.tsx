/** A form that runs one action: busy meanwhile, and saying what went wrong, at the field where the server names one. */
import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { asFault, type Fault } from "../protocol/faults";
import { faultWords, fieldWords } from "../words";

export interface Submission {
  busy: boolean;
  fault: Fault | null;
  /** What to say at a field. */
  wrong: (field: string) => string | undefined;
  run: (action: () => Promise<void>) => Promise<void>;
}

export function useSubmission(): Submission {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const running = useRef(false);

  const run = async (action: () => Promise<void>): Promise<void> => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    setFault(null);
    try {
      await action();
    } catch (error) {
      setFault(asFault(error));
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  const wrong = (field: string) => {
    const why = fault?.fields[field];
    return why === undefined ? undefined : fieldWords(field, why);
  };
  return { busy, fault, wrong, run };
}

interface FormProps {
  submission: Submission;
  onSubmit: () => Promise<void>;
  /** Fields that show their own errors; others are said above the form. */
  fields?: readonly string[];
  /** What to say of a fault instead of the usual words; "" where a field says it. */
  words?: (fault: Fault) => string | undefined;
  children: ComponentChildren;
}

export function Form({ submission, onSubmit, fields = [], words, children }: FormProps) {
  const { fault } = submission;
  const isSaid = fault !== null && Object.keys(fault.fields).some((field) => fields.includes(field));
  const said = fault && !isSaid ? (words?.(fault) ?? faultWords(fault)) : "";
  return (
    <form
      class="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submission.run(onSubmit).then(() => focusFirstWrong(event.target as HTMLFormElement));
      }}
    >
      <div role="alert">{said && <p class="notice notice-danger">{said}</p>}</div>
      {children}
    </form>
  );
}

function focusFirstWrong(form: HTMLFormElement): void {
  requestAnimationFrame(() => form.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
}
