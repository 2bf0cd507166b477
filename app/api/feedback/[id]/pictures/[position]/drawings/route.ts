export { createDrawing as POST } from '@/lib/http/routes/picture-route';
