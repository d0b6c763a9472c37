/// <reference lib="dom" />

import { copiesText } from './copy.ts';
import { showFirstEdge, showsEdges } from './edges.ts';

showsEdges();
copiesText();
showFirstEdge(document);
