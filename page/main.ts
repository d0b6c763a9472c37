/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

// First, because it starts the worker.
import './judge/first-worker.ts';

import { copiesText } from '../cli/views/html/browser/copy.ts';
import { showsEdges } from '../cli/views/html/browser/edges.ts';
import { App } from './app.ts';
import type { PageSettings } from './contract.ts';
import type { DeskDocument } from './desk.ts';
import { element } from './dom.ts';
import { dropsFiles, readFiles } from './files.ts';
import { follow } from './follow.ts';
import { keepsInAddress } from './in-address.ts';
import { type Program, program } from './judge/first-worker.ts';
import { answersThePage } from './judge/worker.ts';
import { linkedIn } from './permalink.ts';

async function start(begun: Program): Promise<void> {
  const settings = JSON.parse(element('settings').textContent ?? '') as PageSettings;
  const linked = await linkedIn(location.hash);
  const given: PageSettings = linked
    ? {
        ...settings,
        documents: linked.documents,
        told: { ...settings.told, ...linked.told },
        deployment: { ...settings.deployment, parameters: linked.parameters },
      }
    : settings;
  let onChange = () => {};
  const app = new App({ settings: given, program: begun, onChange: () => onChange() });
  onChange = keepsInAddress(app, linked !== undefined);
  showsEdges();
  copiesText();
  dropsFiles((files) => app.take(files));
  if (settings.follows) follow(app);
  document.addEventListener('click', (event) => onClick(app, event, settings));
  document.addEventListener('change', (event) => void onChoice(app, event));
  addEventListener('beforeunload', (event) => {
    if (app.desk.changed().length > 0) event.preventDefault();
  });
}

function onClick(app: App, { target }: MouseEvent, settings: PageSettings): void {
  const button = target instanceof Element ? target.closest<HTMLElement>('button[data-do]') : null;
  if (!button) return;
  const panel = button.closest<HTMLElement>('[role=tabpanel]');
  const { do: action, fix, line, column } = button.dataset;
  const one = app.desk.byId(button.dataset['document'] ?? panel?.dataset['document']);
  if (action === 'apply') app.apply(Number(fix));
  if (action === 'show') app.desk.showKind(button.dataset['kind'] ?? '');
  if (!one) return;
  if (action === 'jump') app.desk.goTo(one, Number(line), Number(column));
  if (action === 'undo') app.undo(one);
  if (action === 'clear') app.clear(one);
  if (action === 'download') download(app, one);
  if (action === 'shipped') {
    const text = settings.templates?.customer.text ?? '';
    one.editor.replace(text);
    one.original = text;
    app.edited();
    one.editor.focus();
  }
}

async function onChoice(app: App, { target }: Event): Promise<void> {
  const panel = target instanceof Element ? target.closest<HTMLElement>('[role=tabpanel]') : null;
  const one = app.desk.byId(panel?.dataset['document']);
  if (target instanceof HTMLSelectElement && target.classList.contains('kind') && one) {
    if (target.value === '') {
      one.pending = true;
      app.judge();
    } else app.desk.check(one, target.value);
  }
  if (!(target instanceof HTMLInputElement) || target.type !== 'file' || !target.files) return;
  const files = await readFiles([...target.files]);
  target.value = '';
  app.take(files);
}

function download(app: App, one: DeskDocument): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([one.editor.text], { type: 'text/plain' }));
  link.download = one.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  one.original = one.editor.text;
  app.speaker.say(`${one.name} is downloaded.`);
  // It is saved now, so its button goes.
  app.judge();
}

if (program) void start(program);
else answersThePage();
