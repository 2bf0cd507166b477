export { readAppIcon as GET } from '@/lib/http/routes/icon-route';
