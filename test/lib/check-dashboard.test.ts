import { Template } from 'aws-cdk-lib/assertions';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { metricOf } from '../../core/metrics.ts';
import { alarmsIn } from '../../lib/alarm-factory.ts';
import { SecureInboxConfigurationCheck } from '../../lib/secure-inbox-configuration-check.ts';
import { app, idOf, synthesized } from './synthesized.ts';

const later = new Metric({ namespace: 'Test', metricName: 'Later' });

const template = synthesized({ onboardedAccounts: ['222222222222'] });
const logGroup = { Ref: idOf(template, 'AWS::Logs::LogGroup', 'ConfigurationCheck') };

describe('who is denied and why', () => {
  const { QueryString, LogGroupNames, Name } = query();
  const commands = QueryString.split('\n| ');

  it("is a saved query of the check's log", () => {
    expect({ Name, LogGroupNames }).toEqual({ Name: 'secure-inbox-who-is-denied-and-why', LogGroupNames: [logGroup] });
  });

  it('selects the last conclusive report of each customer first, and only then those that did not pass', () => {
    expect(commands.map((command) => command.split(' ')[0])).toEqual(['filter', 'stats', 'filter', 'sort']);
    expect(commands[0]).toContain('verdict != "inconclusive"');
    expect(commands[1]).toMatch(/^stats latest\(verdict\) as status, .* by customer, origin$/);
    expect(commands[2]).toBe('filter status != "passed"');
  });

  it('uses only fields that the log has', () => {
    const read = [...QueryString.matchAll(/latest\((\w+)\)/g)].map(([, field]) => field);
    expect(read).toEqual(['verdict', 'deniedStep', 'layer', 'side', 'confidence', 'summary']);
  });
});

describe('the dashboard', () => {
  const body = dashboardBody();

  it('counts every verdict', () => {
    for (const metric of Object.values(metricOf)) {
      expect(body).toContain(JSON.stringify(['SecureInbox/ConfigurationCheck', metric]).slice(1, -1));
    }
  });

  it('finds denials by step and layer', () => {
    expect(body).toContain(
      JSON.stringify(
        `SEARCH('{"SecureInbox/ConfigurationCheck",DeniedStep,Layer} MetricName=("Denied" OR "Misconfigured")', 'Sum')`,
      ).slice(1, -1),
    );
  });

  it('shows every alarm', () => {
    const ids = Object.keys(template.findResources('AWS::CloudWatch::Alarm'));
    expect(ids).toContainEqual(expect.stringMatching(/^StackCheck/));
    expect(ids.filter((id) => !body.includes(id))).toEqual([]);
  });

  it('shows an alarm that was added after it', () => {
    const stack = new SecureInboxConfigurationCheck(app(), 'Stack');
    alarmsIn(stack, {}, { later: { what: 'later', says: '', section: '', metric: later, evaluationPeriods: 1 } });
    expect(dashboardBody(Template.fromStack(stack))).toMatch(/"Later/);
  });

  it('answers who is denied and why', () => {
    expect(body).toContain('latest(verdict) as status');
  });
});

function query(): { readonly Name: string; readonly QueryString: string; readonly LogGroupNames: readonly unknown[] } {
  const definitions = template.findResources('AWS::Logs::QueryDefinition');
  return definitions[idOf(template, 'AWS::Logs::QueryDefinition', 'Dashboard')]?.['Properties'];
}

/** The dashboard's JSON, with `ID` where the template refers to a resource. */
function dashboardBody(of = template): string {
  const dashboard = of.findResources('AWS::CloudWatch::Dashboard');
  const [properties] = Object.values(dashboard).map((each) => each['Properties']);
  const parts = properties.DashboardBody['Fn::Join'][1] as readonly (string | object)[];
  return parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join('');
}
