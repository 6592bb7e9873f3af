import { Component, type ReactNode } from "react";

interface Props {
  readonly children: ReactNode;
}

/** Keeps a fault of one page from taking the whole console away. */
export class ErrorBoundary extends Component<Props, { readonly fault: string | null }> {
  override state: { readonly fault: string | null } = { fault: null };

  static getDerivedStateFromError(error: unknown): { readonly fault: string } {
    return { fault: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    if (this.state.fault === null) return this.props.children;
    return (
      <section className="notice" role="alert">
        <h1>This page broke</h1>
        <p>{this.state.fault}</p>
        <p>Reload it to go on; nothing that was sent is lost.</p>
      </section>
    );
  }
}
