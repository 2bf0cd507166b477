import { writeFileSync } from 'node:fs';

/** Counts what vitest ran by project, into the file that TEST_COUNTS names: a file may be run by several projects. */
export default class CountByProject {
  onTestRunEnd(modules, errors) {
    const projects = {};
    const files = [];
    for (const module of modules) {
      projects[module.project.name] ??= { passed: 0, failed: 0, skipped: 0, broken: 0, ms: 0 };
      const counts = projects[module.project.name];
      const states = [...module.children.allTests()].map((test) => test.result().state);
      const failed = states.filter((state) => state === 'failed').length;
      const passed = states.filter((state) => state === 'passed').length;
      counts.passed += passed;
      counts.failed += failed;
      counts.skipped += states.length - passed - failed;
      // A file whose tests could not even be collected, or whose hooks failed, has no test that did.
      if (module.state() !== 'passed' && failed === 0) counts.broken += 1;
      const { duration } = module.diagnostic();
      counts.ms += duration;
      files.push({ project: module.project.name, file: module.relativeModuleId, ms: Math.round(duration) });
    }
    files.sort((one, other) => other.ms - one.ms);
    writeFileSync(process.env.TEST_COUNTS, JSON.stringify({ projects, errors: errors.length, files }));
  }
}
