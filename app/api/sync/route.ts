export { askForSync as POST, readSync as GET } from '@/lib/http/routes/own-routes';
