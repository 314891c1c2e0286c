/** Shells that a script is there for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const

// A candidate never contains a space: addresses with spaces are quoted by hand, as they were before.
const BASH = `# vpnctl completion bash: put this into ~/.bashrc: source <(vpnctl completion bash)
_vpnctl_complete() {
  local line="\${COMP_LINE:0:COMP_POINT}" current words
  read -r -a words <<< "$line"
  case "$line" in *[[:space:]]) words+=('') ;; esac
  current="\${words[\${#words[@]}-1]}"
  # Bash splits words at : and =, and wants what follows the last of them.
  local prefix="\${current%"\${current##*[:=]}"}" word rest
  COMPREPLY=()
  while IFS=$'\\t' read -r word rest; do
    if [ "$word" = ':files' ]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "\${current#"$prefix"}")
    else
      COMPREPLY+=("\${word#"$prefix"}")
    fi
  done < <("\${words[0]}" __complete "\${words[@]:1}" 2>/dev/null)
}
complete -F _vpnctl_complete vpnctl
`

const ZSH = `#compdef vpnctl
# vpnctl completion zsh: write this to a file _vpnctl in a folder of $fpath, or: source <(vpnctl completion zsh)
_vpnctl() {
  local -a words_before candidates
  local line word rest what=value
  (( CURRENT == 2 )) && what=command
  [[ "$words[CURRENT]" == -* ]] && what=option
  words_before=("\${(@Q)words[2,CURRENT]}")
  while IFS= read -r line; do
    if [[ "$line" == ':files' ]]; then
      compset -P '--*='
      _files
      return
    fi
    word="\${line%%$'\\t'*}"
    rest="\${line#*$'\\t'}"
    candidates+=("\${word//:/\\\\:}:$rest")
  done < <("\${words[1]}" __complete "\${words_before[@]}" 2>/dev/null)
  _describe -V "$what" candidates
}
if [ "$funcstack[1]" = "_vpnctl" ]; then
  _vpnctl "$@"
else
  compdef _vpnctl vpnctl
fi
`

const FISH = `# vpnctl completion fish: vpnctl completion fish > ~/.config/fish/completions/vpnctl.fish
function __vpnctl_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l found ($words[1] __complete $words[2..-1] 2>/dev/null)
    if test "$found[1]" = ':files'
        __fish_complete_path (commandline -ct)
    else
        printf '%s\\n' $found
    end
end
complete -c vpnctl -f -a '(__vpnctl_complete)'
`

/** The script that a shell sources. */
export const COMPLETION_SCRIPTS: Readonly<Record<(typeof SHELLS)[number], string>> = {
  bash: BASH,
  zsh: ZSH,
  fish: FISH,
}
