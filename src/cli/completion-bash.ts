/**
 * For bash 3.2 and later, with nothing installed besides. Where files fit, readline completes them itself. `@{` stands for what
 * would be JavaScript's here.
 */
export const BASH = String.raw`# bash completion for keysmith
_keysmith() {
    local IFS=$'\n' words=() word line value prefix quote="" i
    COMPREPLY=()
    # Readline cuts words at "=" and ":"; what it cut is put together again.
    for ((i = 1; i <= COMP_CWORD; i++)); do
        word=@{COMP_WORDS[i]}
        if ((i > 1)) && [[ $word == [=:]* || @{COMP_WORDS[i - 1]} == *[=:] ]]; then
            words[@{#words[@]} - 1]+=$word
        else
            words+=("$word")
        fi
    done
    word=@{words[@{#words[@]} - 1]}
    [[ $word == [\"\']* ]] && quote=1
    word=@{word#[\"\']}
    word=@{word//\\/}
    words[@{#words[@]} - 1]=$word
    # What stands before the last cut stays as it is.
    prefix=@{word%"@{word##*[=:]}"}
    [[ -n $quote ]] && prefix=""
    while IFS= read -r line; do
        case $line in
            :0) return ;;
            :*) compopt +o default 2>/dev/null ;;
            *)
                value=@{line%%$'\t'*}
                [[ $word == -*=* && $value != -* ]] && value=@{word%%=*}=$value
                [[ $value == "$word"* ]] || continue
                value=@{value#"$prefix"}
                [[ -n $quote ]] || printf -v value %q "$value"
                COMPREPLY+=("$value")
                ;;
        esac
    done < <(keysmith complete -- "@{words[@]}" 2>/dev/null)
}
complete -o default -F _keysmith keysmith`.replaceAll("@{", "${");
