import { reports } from './cli/views/html/reports.in-chromium.ts';
import { accessible } from './page/accessible.in-chromium.ts';
import { hostile } from './page/hostile.in-chromium.ts';
import { describeInChromium } from './page/in-chromium.ts';
import { kept } from './page/kept.in-chromium.ts';
import { twentyCustomers } from './page/twenty-customers.in-chromium.ts';
import { use } from './page/use.in-chromium.ts';

// Suites that mostly open the same page run one after the other.
describeInChromium([twentyCustomers, use, accessible, hostile, kept, reports]);
