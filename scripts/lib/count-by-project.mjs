import { writeFileSync } from 'node:fs';

/** Counts what vitest ran by project, into the file that TEST_COUNTS names: a file may be run by several projects. */
export default class CountByProject {
  onTestRunEnd(modules, errors) {
    const projects = {};
    const files = [];
    for (const module of modules) {
      projects[module.project.name] ??= { passed: 0, failed: 0, skipped: 0, broken: 0, ms: 0, names: [] };
      const counts = projects[module.project.name];
      const tests = [...module.children.allTests()];
      const states = tests.map((test) => test.result().state);
      const failed = states.filter((state) => state === 'failed').length;
      const passed = states.filter((state) => state === 'passed').length;
      counts.passed += passed;
      counts.failed += failed;
      counts.skipped += states.length - passed - failed;
      // A file whose tests could not even be collected, or whose hooks failed, has no test that did.
      if (module.state() !== 'passed' && failed === 0) counts.broken += 1;
      counts.names.push(...namesOf(module, tests));
      const { duration } = module.diagnostic();
      counts.ms += duration;
      files.push({ project: module.project.name, file: module.relativeModuleId, ms: Math.round(duration) });
    }
    files.sort((one, other) => other.ms - one.ms);
    writeFileSync(process.env.TEST_COUNTS, JSON.stringify({ projects, errors: errors.length, files }));
  }
}

/** A line for each test of a file that did not pass, and for what failed outside of its tests. */
function namesOf(module, tests) {
  const file = module.relativeModuleId;
  const outside = module.errors().map((error) => `${file}: ${firstLine(error.message)}`);
  const failed = tests.filter((test) => test.result().state !== 'passed');
  return [
    ...outside,
    ...failed.map((test) => {
      const { errors = [], state } = test.result();
      return `${file} > ${test.fullName}: ${firstLine(errors[0]?.message ?? state)}`;
    }),
  ];
}

const firstLine = (text = '') => text.split('\n')[0].slice(0, 300);
