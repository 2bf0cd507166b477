export { putDeclarationDocument as PUT } from '@/lib/http/routes/build-routes';
