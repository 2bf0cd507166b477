export { readCheck as GET } from '@/lib/http/routes/check-route';
