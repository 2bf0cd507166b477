export { readChoices as GET } from '@/lib/http/routes/placing-routes';
