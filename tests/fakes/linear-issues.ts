/** What @linear/sdk 98.0.0 says of what is asked here (its types, read by hand: the package ships no schema). */
export const ISSUE_CREATE_INPUT: Readonly<Record<string, 'string' | 'number' | 'boolean' | 'other'>> = {
  ...{ assigneeId: 'string', completedAt: 'string', createAsUser: 'string', createdAt: 'string' },
  ...{ cycleId: 'string', delegateId: 'string', description: 'string', descriptionData: 'other' },
  ...{ displayIconUrl: 'string', dueDate: 'string', estimate: 'number', id: 'string' },
  ...{ inheritsSharedAccess: 'boolean', labelIds: 'other', lastAppliedTemplateId: 'string' },
  ...{ parentId: 'string', preserveSortOrderOnCreate: 'boolean', priority: 'number' },
  ...{ prioritySortOrder: 'number', projectId: 'string', projectMilestoneId: 'string' },
  ...{ referenceCommentId: 'string', releaseIds: 'other', slaBreachesAt: 'string', slaStartedAt: 'string' },
  ...{ slaType: 'string', sortOrder: 'number', sourceCommentId: 'string', stateId: 'string' },
  ...{ subIssueSortOrder: 'number', subscriberIds: 'other', teamId: 'string', templateId: 'string' },
  ...{ title: 'string', useDefaultTemplate: 'boolean' },
};
