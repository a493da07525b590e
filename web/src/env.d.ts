/// <reference types="vite/client" />
declare module '*.vue' {
  import type { DefineComponent } from 'vue';
  const component: DefineComponent<object, object, unknown>;
  export default component;
}
/** dmn-js brings no types; these are the parts that the pages use. */
declare module 'dmn-js/lib/*' {
  export interface DmnView { id: string; name?: string; type: string; element: { id: string; name?: string } }
  interface DmnOptions { container: HTMLElement; common?: object; drd?: object; decisionTable?: object; literalExpression?: object; boxedExpression?: object }
  export default class DmnTool {
    constructor(options: DmnOptions);
    importXML(xml: string): Promise<{ warnings: { message?: string }[] }>;
    saveXML(options: { format: boolean }): Promise<{ xml: string }>;
    getViews(): DmnView[];
    getActiveView(): DmnView | undefined;
    getActiveViewer(): { on(event: string, act: () => void): void } | undefined;
    open(view: DmnView): Promise<unknown>;
    on(event: string, act: (event: { views?: DmnView[]; activeView?: DmnView }) => void): void;
    destroy(): void;
  }
}
