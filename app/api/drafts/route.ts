export { deleteDraft as DELETE, getDraft as GET, putDraft as PUT } from '@/lib/http/routes/drafts-route';
