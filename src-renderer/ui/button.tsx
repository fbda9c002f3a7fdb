/** Buttons of the page: `main` once per view, `quiet` in bars, the plain one elsewhere. */
import type { ButtonHTMLAttributes, ReactNode } from 'react'
import './button.css'

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: 'main' | 'plain' | 'quiet' | 'danger'
  readonly icon?: ReactNode
}

export function Button({ look = 'plain', icon, children, className, ...rest }: ButtonProps): ReactNode {
  return (
    <button type="button" className={`ui-button ui-button-${look}${className ? ` ${className}` : ''}`} {...rest}>
      {icon}
      {children}
    </button>
  )
}

interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'aria-label'> {
  /** Said by assistive technology and shown as the tooltip. */
  readonly label: string
  readonly keys?: string
}

export function IconButton({ label, keys, children, className, ...rest }: IconButtonProps): ReactNode {
  return (
    <button
      type="button"
      className={`ui-icon-button${className ? ` ${className}` : ''}`}
      aria-label={label}
      title={keys === undefined ? label : `${label} (${keys})`}
      {...rest}
    >
      {children}
    </button>
  )
}
