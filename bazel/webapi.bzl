"""Guards of webapi-gen in Bazel: docs/bazel.md has how to use them.

Copy this file into a workspace, such as to tools/webapi.bzl. It loads nothing.
"""

_GUARDS = """
export LC_ALL=C
dir=$$(mktemp -d)
trap 'rm -rf "$$dir"' EXIT
said=$$($(execpath {tool}) {args} --out "$$dir" {srcs})
outs=$$(ls "$$dir" | sed 's/.*/"&", /' | tr -d '\\n')
if [ "$$outs" != '{outs}' ]; then
    echo "$$said" >&2
    echo "//{package}:{name}: outs must name what webapi-gen writes:" >&2
    echo "    outs = [$${{outs%, }}]," >&2
    exit 1
fi
cp "$$dir"/* $(RULEDIR)
"""

def webapi_guards(name, srcs, outs, tool, spec = None, module = [], args = [], tags = [], **kwargs):
    """Generates the guards of a package, for a tree that does not have them.

    Args:
      name: the target; it can stand in the srcs of a go_library.
      srcs: all annotated Go files of the package.
      outs: all files that are generated. An error says which, if this is wrong.
      tool: the executable webapi-gen.
      spec: a spec in YAML, if there is one.
      module: go.mod and webapi.header, if the module has such a header.
      args: further flags, such as --tests.
      tags: further tags. The sandbox has no network.
      **kwargs: further attributes of a genrule, such as visibility.
    """
    specs = [spec] if spec else []
    native.genrule(
        name = name,
        srcs = srcs + specs + module,
        outs = outs,
        cmd = _GUARDS.format(
            args = " ".join(["--spec $(execpath %s)" % s for s in specs] + args),
            name = name,
            outs = "".join(['"%s", ' % f for f in sorted(outs)]),
            package = native.package_name(),
            srcs = " ".join(["$(execpaths %s)" % s for s in srcs]),
            tool = tool,
        ),
        tags = tags + ["block-network"],
        tools = [tool],
        **kwargs
    )

# The tool takes files by name if they are links, but only of a folder does it say
# which file nothing writes any more. So the files are copied.
_TEST = """#!/bin/sh
tool=$PWD/{tool}
for file in {files}; do
    mkdir -p "$TEST_TMPDIR/tree/$(dirname "$file")" && cp -L "$file" "$TEST_TMPDIR/tree/$file" || exit
done
cd "$TEST_TMPDIR/tree" && exec "$tool" check --routes=none --diff {args}
"""

def _guards_test(ctx):
    script = ctx.actions.declare_file(ctx.label.name + ".sh")
    specs = ["--spec " + f.short_path for f in ctx.files.spec]
    files = ctx.files.srcs + ctx.files.spec + ctx.files.module
    ctx.actions.write(script, is_executable = True, content = _TEST.format(
        args = " ".join(specs + ctx.attr.flags + ["./" + ctx.label.package]),
        files = " ".join([f.short_path for f in files]),
        tool = ctx.executable.tool.short_path,
    ))
    runfiles = ctx.runfiles(files + [ctx.executable.tool]).merge(ctx.attr.tool[DefaultInfo].default_runfiles)
    return [DefaultInfo(executable = script, runfiles = runfiles), testing.ExecutionInfo({"block-network": ""})]

_webapi_guards_test = rule(
    implementation = _guards_test,
    attrs = {
        "flags": attr.string_list(),
        "module": attr.label_list(allow_files = True),
        "spec": attr.label(allow_single_file = True),
        "srcs": attr.label_list(allow_files = True, mandatory = True),
        "tool": attr.label(allow_files = True, cfg = "target", executable = True, mandatory = True),
    },
    test = True,
)

def webapi_guards_test(name, srcs, tool, spec = None, module = [], args = [], size = "small", **kwargs):
    """Fails if the guards that the tree has are not up to date, with a diff.

    Args:
      name: the target.
      srcs: all Go files of the package, guards included, and its webapi.yaml.
      tool: the executable webapi-gen.
      spec: a spec with another name than webapi.yaml, if there is one.
      module: go.mod and webapi.header, if the module has such a header.
      args: further flags of webapi-gen check, such as --lint=none.
      size: the size of the test.
      **kwargs: further attributes of a test, such as tags.
    """
    _webapi_guards_test(name = name, srcs = srcs, tool = tool, spec = spec, module = module, flags = args, size = size, **kwargs)
