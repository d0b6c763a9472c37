export { InputError } from '../../model/text/input-error.ts';
