export {
  addView as POST,
  deleteView as DELETE,
  editView as PATCH,
  readViews as GET,
} from '@/lib/http/routes/views-route';
