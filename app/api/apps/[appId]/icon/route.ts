export { readAppIcon as GET } from '@/lib/http/icon-route';
