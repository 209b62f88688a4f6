export { hasHash, type MintedKey, mintKey, parseKey, readKeyFile } from './api-key.ts';
export {
  deriveWorkspaceSecret,
  isWorkspaceId,
  makeWorkspaceId,
  openWorkspaceToken,
  signWorkspaceToken,
  type WorkspaceToken,
  type WorkspaceTokenUse,
} from './workspace-token.ts';
