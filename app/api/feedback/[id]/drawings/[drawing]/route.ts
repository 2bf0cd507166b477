export { deleteDrawing as DELETE, readDrawing as GET } from '@/lib/http/routes/picture-route';
