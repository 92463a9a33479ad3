# Forks after a large list was built; parent and child free and grow different parts of it.
my @list = map { "x" x 200000 } 1 .. 20;
if (!fork) {
    splice @list, 3, 9;
    push @list, "y" x 3000000;
    exit 0;
}
wait;
push @list, "z" x 1000000;
