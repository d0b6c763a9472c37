import { runCatalogue } from '../cli/catalogue/run.ts';
import { scenarioFilesIn } from '../cli/input/scenario-files.ts';
import { noProgress } from '../cli/progress.ts';
const files=(await scenarioFilesIn('scenarios')).filter((_, i)=>i%5===0);
const c=process.cpuUsage(), t=performance.now(); await runCatalogue({files,progress:noProgress});
const u=process.cpuUsage(c); console.log(files.length, 'wall/scn', (performance.now()-t)/files.length, 'cpu/scn', (u.user+u.system)/1000/files.length);
