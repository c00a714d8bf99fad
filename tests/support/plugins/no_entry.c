/* A shared object, but no detector. */
int no_entry(void);
int no_entry(void)
{
    return 0;
}
