export { readPicture as GET } from '@/lib/http/routes/picture-route';
