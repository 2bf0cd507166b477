/** What the kinds of what is known of a person are called. */
const KINDS: Readonly<Record<string, string>> = {
  testers: 'Tester in App Store Connect',
  groups: 'Membership in groups',
  builds: 'Access to single builds',
  documents: 'Answers of App Store Connect kept here',
  reports: 'Feedback sent by the person',
  logs: 'Crash logs',
  pictures: 'Pictures',
  shareLinks: 'Share links to these reports',
  comments: 'Comments of others with the address',
  notes: 'Notes about the tester',
  tags: 'Tags of the tester',
  history: 'Events in the tester’s history',
  days: 'Daily figures of use',
  issues: 'Titles and links of feedback',
  issueNotes: 'Notes of the team',
  issueLabels: 'Labels',
  handedOver: 'What was handed over of these reports',
  handovers: 'What else was handed over, with the address',
  connectors: 'Templates of connectors',
  jobs: 'Jobs',
  jobItems: 'Rows of jobs',
  drafts: 'Unfinished input of the team',
  savedViews: 'Saved views that look for the address',
  otherNotes: 'Notes about others with the address',
  otherTags: 'Tags with the address',
  audit: 'Entries of the activity',
};

/** What a kind of what is known of a person is called. */
export const personKindWord = (kind: string): string => KINDS[kind] ?? 'Something else';
