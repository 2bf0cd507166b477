export { changeArchive as PATCH, readArchive as GET } from '@/lib/http/routes/archive-route';
