import type { ThemeName } from '../text/theme.ts';
import type { EditKey } from './line-edit.ts';
import type { Lines } from './lines.ts';
import type { Panel, PromptKind, StatusNotice, TimeFormat } from './state.ts';

/** All that can change the state. Only `reduce` reads them. */
export type ScreenAction =
  | { readonly type: 'resize'; readonly width: number; readonly height: number }
  | { readonly type: 'move'; readonly by: number }
  | { readonly type: 'movePage'; readonly pages: number }
  | { readonly type: 'goToLine'; readonly line: number }
  /** A jump: the place that it left can be gone back to. */
  | { readonly type: 'goToRow'; readonly row: number }
  | { readonly type: 'goBack' }
  | { readonly type: 'lines'; readonly lines: Lines; readonly added: number }
  | { readonly type: 'open' | 'close' }
  | { readonly type: 'panel'; readonly panel: Panel }
  | { readonly type: 'panelLines'; readonly lines: number }
  | { readonly type: 'scrollPanel'; readonly by: number }
  | { readonly type: 'prompt'; readonly kind: PromptKind; readonly text: string }
  | { readonly type: 'edit'; readonly key: EditKey }
  | { readonly type: 'replacePrompt'; readonly text: string }
  | { readonly type: 'recall'; readonly by: 1 | -1 }
  | { readonly type: 'feedback'; readonly feedback: StatusNotice | null }
  | { readonly type: 'accept' | 'cancelPrompt' }
  | { readonly type: 'filter'; readonly filter: string }
  | { readonly type: 'search'; readonly search: string }
  | { readonly type: 'folding'; readonly folding: boolean }
  | { readonly type: 'hiddenPeers'; readonly peers: readonly string[] }
  | { readonly type: 'firstPeer'; readonly firstPeer: number }
  | { readonly type: 'sideways'; readonly sideways: number }
  | { readonly type: 'toggleMark'; readonly row: number }
  | { readonly type: 'chooseViolation'; readonly violation: number }
  | { readonly type: 'follow'; readonly follow: boolean }
  | { readonly type: 'theme'; readonly theme: ThemeName }
  | { readonly type: 'timeFormat'; readonly timeFormat: TimeFormat }
  | { readonly type: 'notice'; readonly notice: StatusNotice | null };
